// Carries stamps to the server: in their order, each with an id of its own, so that one sent twice is one
// entry. Only our own answer counts.

import * as clock from "../clock.js";
import { current } from "../words.js";
import * as keep from "./keep.js";

const PATIENCE = 8000;
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30_000;
const LOOK = 10_000;
const QUICK = 1000;

export class Refused extends Error {
  constructor(problem, status) {
    const findings = (problem.findings ?? []).map((each) => each.detail).filter(Boolean);
    super([...new Set(findings)].join(" ") || problem.detail || problem.title || String(status));
    this.status = status;
    this.slug = String(problem.type ?? "").replace("/problems/", "");
  }
}

export const state = { link: "offline", login: false, csrf: "", account: "", timed: false };
const run = { timer: 0, wait: FIRST_WAIT, running: null, changed: () => {}, contest: "" };

export function start(changed) {
  run.changed = changed;
  for (const name of ["online", "pageshow", "focus"]) addEventListener(name, now);
  document.addEventListener("visibilitychange", () => document.hidden || now());
  return now();
}

export const watch = (contest) => (run.contest = contest);

/** Tries at once; one attempt at a time. */
export function now() {
  clearTimeout(run.timer);
  run.running ??= attempt().finally(() => (run.running = null));
  return run.running;
}

async function attempt() {
  let reached = true;
  try {
    await look();
    run.wait = FIRST_WAIT / 2; // the server is there again: whatever fails now is tried again soon
    reached = await sendAll();
  } catch (error) {
    reached = false;
    state.login = error.status === 401;
  }
  state.link = reached || state.login ? "online" : "offline";
  run.wait = reached ? FIRST_WAIT : Math.min(run.wait * 2, LONGEST_WAIT);
  const left = (await keep.stamps()).some((row) => row.answer === "" && !row.held);
  run.timer = setTimeout(now, reached ? (left ? FIRST_WAIT : LOOK) : run.wait * (0.7 + Math.random() * 0.6));
  run.changed();
}

/** Reads who this is and the clocks again. */
async function look() {
  const mine = await ask("/api/v1/judging/timing");
  Object.assign(state, { csrf: mine.csrf, account: mine.account, login: false });
  await keep.keep("mine", mine);
  if (!run.contest) return;
  const found = await ask(`/api/v1/judging/timing/${run.contest}`);
  await keep.keep(`clocks|${run.contest}`, found);
}

/** In the order of tapping; a stamp whose cause is not chosen yet holds up its own work only. */
async function sendAll() {
  const rows = await keep.stamps();
  const waiting = new Set();
  for (const row of rows) {
    const work = [row.contest, row.module, row.code, row.attempt].join("|");
    if (row.answer !== "" || row.account !== state.account) continue;
    if (row.held) waiting.add(work);
    if (waiting.has(work)) continue;
    await send(row);
  }
  return true;
}

async function send(row) {
  const { contest, module, code, attempt: n, id } = row;
  const common = { module, code, attempt: n, id };
  const [path, body] = row.kind === "interruption"
    ? ["interruptions", { ...common, seconds: row.seconds, cause: row.reason, acknowledged: row.acknowledged }]
    : ["clock", { ...common, stamp: row.stamp, at: row.at, reason: row.reason, cancels: row.cancels ?? "" }];
  try {
    await ask(`/api/v1/contests/${contest}/${path}`, { method: "POST", body });
    await keep.change(id, { answer: "sent", words: "" });
  } catch (error) {
    // A refusal of this stamp is kept and shown; one of the session or of the moment is tried again.
    if (!(error instanceof Refused) || [401, 429].includes(error.status) || error.slug === "csrf" || error.status >= 500) throw error;
    await keep.change(id, { answer: "refused", words: error.message });
  }
}

async function ask(path, { method = "GET", body } = {}) {
  const asked = Date.now();
  const reply = await fetch(path, {
    method, credentials: "same-origin", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE),
    headers: { Accept: "application/json", "Accept-Language": current(), "X-CSRF-Token": state.csrf,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (reply.status === 204) return null;
  const kind = reply.headers.get("Content-Type") ?? "";
  if (!kind.startsWith(reply.ok ? "application/json" : "application/problem+json")) throw new Error(`${reply.status} ${kind}`);
  const value = await reply.json();
  if (!reply.ok) throw new Refused(value, reply.status);
  // A slow answer says little about the time: better the last quick one.
  const quick = Date.now() - asked < QUICK || !state.timed;
  if (typeof value?.time === "string" && quick) clock.heard(value.time, asked);
  state.timed ||= typeof value?.time === "string";
  return value;
}
