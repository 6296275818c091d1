// Takes in what another tablet handed over: looked at piece by piece, kept in one transaction.

import * as store from "../store.js";
import { within } from "../database.js";
import { receiptKeys } from "../device.js";
import { bytesOf, base64url, payloadOf, sha256, verified } from "../sign.js";
import { emit } from "../signals.js";
import * as sync from "../sync.js";
import { FORMAT, headerOf } from "./content.js";
import { takePhotos } from "./photos.js";

const SHEET = "jiangxin-sheet+jwt";
const LONGEST = 64 * 1024;
const IN_RECORD = new Set(["accepted", "duplicate", "conflict"]);
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Takes {about, signed} and, from a file, photos; `via` is "qr" or "file". Answers what became of it:
 * {kind, from, taken, known, own, damaged, foreign, photos, spoilt}, each a number but kind and from. */
export async function take({ about, signed, photos = [] }, via) {
  const report = {
    kind: about.kind ?? "sheets", from: String(about.label ?? about.kid ?? ""),
    taken: 0, known: 0, own: 0, damaged: 0, foreign: 0, photos: 0, spoilt: 0,
  };
  if (report.kind === "sheets") Object.assign(report, await takePhotos(photos, signed));
  if (report.kind === "receipts") await takeReceipts(about, signed, report);
  else await takeSheets(about, signed, via, report);
  return report;
}

/** Whether these are words of a hand-over that this version understands. */
export const understood = (about) => about?.format === FORMAT && about.version === 1
  && (about.kind === "sheets" || about.kind === "receipts");

// --- sheets ---------------------------------------------------------------------------------------

async function takeSheets(about, signed, via, report) {
  const keys = await soundKeys(about.keys);
  const own = new Set((await store.outbox()).map((row) => row.hash));
  const rows = new Map();
  for (const jws of signed) {
    const row = await sheetRow(jws, keys);
    if (!row) report.damaged += 1;
    else if (own.has(row.hash)) report.own += 1;
    else rows.set(row.hash, { ...row, from: report.from, via, taken: new Date().toISOString() });
  }
  const fresh = await within(["courier"], "readwrite", (courier, answer) => {
    answer.value = 0;
    for (const row of rows.values()) {
      courier("courier").get(row.hash).onsuccess = (event) => {
        if (event.target.result) return;
        answer.value += 1;
        courier("courier").put(row);
      };
    }
  });
  report.taken = fresh;
  report.known = rows.size - fresh;
  emit("courier");
  sync.now();
}

/** A row for the courier; null when these are not the bytes that a tablet signed. */
async function sheetRow(jws, keys) {
  if (typeof jws !== "string" || jws.length > LONGEST || !COMPACT.test(jws)) return null;
  try {
    const { alg, typ, kid } = headerOf(jws);
    const { rid, contest, sheet, seq, code, module } = payloadOf(jws);
    const words = [kid, rid, contest, sheet, code, module];
    if (alg !== "ES256" || typ !== SHEET || !words.every((word) => typeof word === "string" && word)) return null;
    if (!Number.isSafeInteger(seq)) return null;
    const jwk = keys.get(kid) ?? null;
    if (jwk && !(await verified(jws, jwk))) return null;
    return { hash: await sha256(jws), jws, kid, jwk, rid, contest, sheet, seq, code, module, answer: "", receipt: "" };
  } catch {
    return null;
  }
}

/** kid -> public key, of those whose name is their own thumbprint: nobody can lend another's name. */
async function soundKeys(keys) {
  const sound = new Map();
  for (const [kid, jwk] of Object.entries(keys ?? {})) {
    const { kty, crv, x, y } = jwk ?? {};
    const print = bytesOf(await sha256(JSON.stringify({ crv, kty, x, y }))).slice(0, 8);
    if (base64url(print) === kid) sound.set(kid, { kty, crv, x, y });
  }
  return sound;
}

// --- receipts -------------------------------------------------------------------------------------

async function takeReceipts(about, signed, report) {
  const keys = await receiptKeys();
  const own = new Map((await store.outbox()).map((row) => [row.hash, row]));
  const carried = new Map((await store.courier()).map((row) => [row.hash, row]));
  for (const [n, receipt] of signed.entries()) {
    const content = await read(receipt, keys);
    const row = content && (own.get(content.jws_hash) ?? carried.get(content.jws_hash));
    if (!content) report.damaged += 1;
    else if (!row) report.foreign += 1;
    else if (!better(row.answer, content.answer)) report.known += 1;
    else {
      const facts = told(content, receipt, about.notes?.[n]);
      if (own.has(row.hash)) await store.answered(row.rid, () => facts);
      else await store.carried(row.hash, facts);
      report.taken += 1;
    }
  }
  emit("outbox");
  emit("courier");
}

/** A sheet that the server once could not take may have been let in since. */
const better = (now, then) => !now || (now !== then && !IN_RECORD.has(now) && IN_RECORD.has(then));

async function read(receipt, keys) {
  if (typeof receipt !== "string" || receipt.length > LONGEST) return null;
  for (const key of keys) {
    const content = await verified(receipt, key);
    if (content?.jws_hash) return content;
  }
  return null;
}

/** As if the server had answered here. It says the rest (what counts, its words) when it is reached. */
const told = ({ answer, seq = 0, hash = "", at, reason = "" }, receipt, note) => ({
  answer, receipt, log_seq: seq, log_hash: hash, received: at, got: Date.now(), problem: "",
  countable: note?.countable !== false && (answer === "accepted" || answer === "duplicate"),
  reason: String(note?.reason ?? reason), words: "", via: "courier",
});
