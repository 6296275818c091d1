// Carries the outbox to the server: exactly once for the judge, at least once on the wire.
//
// navigator.onLine is never believed. An answer counts only when its receipt carries the server's
// signature and names the hash of exactly the bytes that were sent.

import { api, receiptKeys, row as device } from "./device.js";
import * as clock from "./clock.js";
import * as store from "./store.js";
import { emit } from "./signals.js";
import { sha256, verified } from "./sign.js";

const BATCH = 20;
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;
const LONGEST_PAUSE = 300;
export const TAKEN = new Set(["accepted", "duplicate"]);
const IN_LOG = new Set(["accepted", "duplicate", "conflict"]);
const UNSETTLED = new Set(["quarantined", "late", "held"]);

const state = { timer: 0, wait: FIRST_WAIT, running: null, asked: false, batch: BATCH, stopped: true, until: 0 };
const sending = new Set();
const again = new Set();

export function start() {
  state.stopped = false;
  for (const name of ["online", "pageshow", "focus"]) addEventListener(name, wake);
  document.addEventListener("visibilitychange", wake);
  return now();
}

export function stop() {
  state.stopped = true;
  clearTimeout(state.timer);
  for (const name of ["online", "pageshow", "focus"]) removeEventListener(name, wake);
  document.removeEventListener("visibilitychange", wake);
}

function wake() {
  if (document.hidden) return;
  state.wait = FIRST_WAIT;
  now();
}

/** Tries at once; one attempt at a time. Who asks during one may have a sheet that it didn't see: then
 * another follows. */
export function now() {
  clearTimeout(state.timer);
  if (state.stopped) return Promise.resolve();
  const left = state.until - Date.now();
  if (left > 0) return later(left);
  if (state.running) state.asked = true;
  state.running ??= attempt().finally(() => {
    const { asked } = state;
    Object.assign(state, { running: null, asked: false });
    if (asked) now();
  });
  return state.running;
}

export const isSending = (row) => sending.has(row.rid);

/** Signed revisions without an answer; of one account, or of the whole tablet. */
export const waiting = async (account = "") =>
  (await store.outbox()).filter((row) => !row.answer && (!account || row.account === account));

/** The number of this tablet's chain up to which every sheet has an answer. */
export async function answeredUpTo() {
  const own = (await store.outbox()).filter((row) => row.kid === device()?.kid).sort((a, b) => a.seq - b.seq);
  const first = own.find((row) => !row.answer);
  return first ? first.seq - 1 : own.at(-1)?.seq ?? 0;
}

/** What the server kept but did not take as a sheet: somebody has to look at it. */
export const unsettled = async (account = "") =>
  (await store.outbox()).filter((row) => needsAttention(row) && (!account || row.account === account));

export const needsAttention = (row) => Boolean(row.problem) || (row.answer !== "" && !TAKEN.has(row.answer));

/** Sends again what was refused: the judge or the tablet may be admitted now. */
export async function retry(matches = () => true) {
  const rows = (await store.outbox()).filter((row) => UNSETTLED.has(row.answer) && matches(row));
  for (const row of rows) again.add(row.rid);
  if (rows.length > 0) now();
}

/** The server's last number of our chain is `seq` and it lacks `gaps`, as it said to a question of the
 * moment `asked`: rows that it had taken before that are sent again, their old receipts kept. */
export async function compare(kid, { seq, gaps, asked }) {
  const missing = new Set(gaps);
  const lost = (await store.outbox()).filter((row) =>
    row.kid === kid && row.answer && (row.got ?? 0) < asked
    && (missing.has(row.seq) || (IN_LOG.has(row.answer) && row.seq > seq)));
  for (const row of lost) {
    await store.answered(row.rid, (kept) => ({
      answer: "", receipt: "", receipts_before: [...(kept.receipts_before ?? []), kept.receipt],
    }));
  }
  if (lost.length === 0) return 0;
  emit("restored", lost.length);
  now();
  return lost.length;
}

// --- one attempt --------------------------------------------------------------------------------

async function attempt() {
  let reached = true;
  let left = await pending();
  while (reached && left.length > 0 && !state.stopped) {
    reached = await send(left.slice(0, state.batch));
    left = await pending();
  }
  if (reached) reached = (await sendCarried()) && (await sendPictures());
  state.wait = reached ? FIRST_WAIT : Math.min(state.wait * 2, LONGEST_WAIT);
  if (tried.size > 0) state.wait = LONGEST_WAIT;
  const pause = state.until - Date.now();
  if (left.length > 0 || tried.size > 0 || !reached) later(pause);
}

/** In the order of signing; what made trouble goes last and alone, so that it can't hold up others. */
async function pending() {
  const rows = (await store.outbox()).filter((row) => !row.answer || again.has(row.rid));
  const plain = rows.filter((row) => !row.problem).sort((a, b) => a.seq - b.seq);
  return plain.length > 0 ? plain : rows.filter((row) => !tried.has(row.rid)).slice(0, 1);
}

const tried = new Set();

/** After a pause of our own, or the one that the server asked for (then never sooner). */
function later(pause = 0) {
  const jitter = 0.7 + Math.random() * 0.6;
  const wait = pause > 0 ? pause * (1 + Math.random() * 0.1) : state.wait * jitter;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { tried.clear(); now(); }, wait);
  return Promise.resolve();
}

/** The server says when it hears this tablet again: nothing is sent before, whatever wakes us. */
function told(error) {
  if (error.status === 429) state.until = Date.now() + Math.min(Math.max(error.after, 1), LONGEST_PAUSE) * 1000;
  return false;
}

async function send(rows) {
  for (const row of rows) sending.add(row.rid);
  emit("outbox");
  try {
    return await exchange(rows);
  } catch (error) {
    return await explained(error, rows);
  } finally {
    for (const row of rows) sending.delete(row.rid);
    emit("outbox");
  }
}

async function exchange(rows) {
  const { answers } = await api("revisions", { method: "POST", body: { revisions: rows.map((row) => row.jws) } });
  const byHash = new Map();
  for (const row of rows) byHash.set(await sha256(row.jws), row);
  const keys = await receiptKeys();
  let kept = 0;
  for (const answer of answers ?? []) {
    const receipt = await receiptOf(answer, keys);
    const row = receipt && byHash.get(receipt.jws_hash);
    if (!row) continue;
    await store.answered(row.rid, () => facts(answer));
    again.delete(row.rid);
    kept += 1;
  }
  if (kept > 0) emit("sent", rows);
  state.batch = BATCH;
  return kept === rows.length;
}

async function receiptOf(answer, keys) {
  for (const key of keys) {
    const receipt = await verified(answer.receipt ?? "", key);
    if (receipt) return receipt;
  }
  return null;
}

const facts = ({ answer, seq, hash, receipt, message, countable, reason }) => ({
  answer, receipt, countable, reason, words: message, log_seq: seq, log_hash: hash,
  received: clock.stamp(), got: Date.now(), problem: "",
});

/** A batch that the server refuses as a whole is cut down to the row that is to blame. */
async function explained(error, rows) {
  if (![400, 413, 422].includes(error.status)) return told(error);
  if (rows.length > 1) {
    state.batch = Math.ceil(rows.length / 2);
    return true;
  }
  tried.add(rows[0].rid);
  await store.answered(rows[0].rid, () => ({ problem: error.detail }));
  return true;
}

// --- what is carried for others, and pictures -----------------------------------------------------

async function sendCarried() {
  const rows = (await store.courier()).filter((row) => !row.answer).slice(0, BATCH);
  if (rows.length === 0) return true;
  try {
    const { answers } = await api("revisions", { method: "POST", body: { revisions: rows.map((row) => row.jws) } });
    const keys = await receiptKeys();
    let kept = 0;
    for (const answer of answers ?? []) {
      const receipt = await receiptOf(answer, keys);
      const row = receipt && rows.find((one) => one.hash === receipt.jws_hash);
      if (!row) continue;
      await store.carried(row.hash, facts(answer));
      kept += 1;
    }
    emit("courier");
    return kept === rows.length ? sendCarried() : false;
  } catch (error) {
    return told(error);
  }
}

async function sendPictures() {
  for (const { sha, contest } of await store.unsentPictures()) {
    try {
      const { blob } = await store.picture(sha);
      await api(`tablet/pictures/${contest}/${sha}`, { method: "PUT", raw: blob, patience: 30_000 });
      await store.updatePicture(sha, { sent: true, problem: "" });
    } catch (error) {
      if (error.name === "Offline" || error.status === 429) return told(error);
      await store.updatePicture(sha, { problem: error.detail });
    }
  }
  return true;
}
