// PURE but for the signature: is what was scanned genuine, and does it still count? The reference is
// credentials/verify.py; where nobody can know, the answer is "unknown" and never "valid".

import { openPrinted } from "./cwt.js";
import { Malformed } from "./encoding.js";
import { evidenceIn, lineUnder, openToken } from "./evidence.js";
import { statusAt } from "./lists.js";
import { placeOf } from "./places.js";
import { fits } from "./signatures.js";

const LEEWAY = 5 * 60_000;
const CHINA = 8 * 3_600_000;
const FINAL = ["revoked", "replaced"];
/* Nobody takes these back: an old list still tells them. */

/** {state, code, place, read?, knownAt?, aged?, …}. `listOf(key, block)` answers a list or null. `backwards`:
 * this device's clock can't be right. */
export async function verdictOf(text, { trusted, listOf, now, backwards }) {
  const evidence = evidenceIn(text.trim());
  if (evidence) return withLine(evidence, { trusted, listOf, now, backwards });
  const place = placeOf(text, trusted);
  const simple = { foreign: "foreign_host", other: "not_certificate", address: "nothing_signed" }[place.kind];
  if (simple) return { state: simple, code: simple, place };
  try {
    const read = await genuine(place, trusted);
    const list = await listOf(read.key, read.printed.block);
    return { place, read, ...judged(read, { list, now, backwards }) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { state: error.code === "unknown-key" ? "unknown_issuer" : "altered", code: error.code, place };
  }
}

/** A certificate's token with one opened line of its score sheet: both must hold. */
async function withLine({ token, leaf }, { trusted, listOf, now, backwards }) {
  const place = { kind: "signed", origin: "", pathId: "", shown: "" };
  try {
    const { root, origin, ...read } = await openToken(token, trusted);
    const line = await lineUnder(root, leaf);
    const list = await listOf(read.key, read.printed.block);
    return { place: { ...place, origin }, read, line, ...judged(read, { list, now, backwards }) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { state: error.code === "unknown-key" ? "unknown_issuer" : "altered", code: error.code, place };
  }
}

async function genuine(place, trusted) {
  const opened = openPrinted(place.content);
  const key = keyFor(opened.kid, place, trusted);
  if (!key) throw new Malformed("unknown-key");
  if (key.purpose !== "certificate") throw new Malformed("type");
  if (!(await fits(key.key, opened.signature, opened.signed))) throw new Malformed("signature");
  if (place.pathId && place.pathId !== opened.printed.id) throw new Malformed("other-paper");
  return { key, printed: opened.printed };
}

/** Only of the installation that the address names: another one's key is a stranger's there. */
function keyFor(kid, { origin }, trusted) {
  const circles = origin ? trusted.circles.filter((one) => one.origins.includes(origin)) : trusted.circles;
  return circles.map((one) => one.keys.get(kid)).find(Boolean);
}

/** The one word of a genuine certificate, and how old what is known of it is. */
function judged({ key, printed }, { list, now, backwards }) {
  const known = { knownAt: list ? Math.min(list.issuedAt, key.madeAt) : null };
  const wrongKey = keyProblem(key, printed);
  if (wrongKey) return { ...known, state: "unknown_issuer", code: wrongKey };
  const listed = list && statusAt(list, printed.index);
  const status = FINAL.includes(listed) || (now < list?.expiresAt && now < key.expiresAt) ? listed : null;
  const since = status === "suspended" ? list.correcting.get(printed.index) : undefined;
  if (since !== undefined) return { ...known, state: status, code: "correcting", since };
  if (status && status !== "valid") return { ...known, state: status, code: `status-${status}` };
  if (printed.expiresAt && now >= printed.expiresAt) return { ...known, state: "expired", code: "expired" };
  if (backwards) return { ...known, state: "status_unknown", code: "clock" };
  if (printed.issuedAt > now + LEEWAY) return { ...known, state: "not_yet_valid", code: "not-yet-valid" };
  if (!status) return { ...known, state: "status_unknown", code: list ? "list-out-of-date" : "no-list" };
  const state = inNotice(printed.noticeUntil, now) ? "in_notice" : "valid";
  return { ...known, state, code: state, aged: now - known.knownAt > list.freshFor };
}

/** Offline nobody's ledger speaks for what a lost key has signed: whoever has it can date back. */
function keyProblem(key, printed) {
  if (key.activeFrom === null || printed.issuedAt < key.activeFrom) return "signed-before-use";
  if (key.revokedAt) return "key-compromised";
  if (key.retiredAt && printed.issuedAt > key.retiredAt) return "signed-after-retirement";
  return "";
}

/** A notice runs to the end of its last day in China. */
const inNotice = (until, now) => Boolean(until) && new Date(now + CHINA).toISOString().slice(0, 10) <= until;
