// What there is to hand over, and what comes in: signed sheets one way, the server's receipts the other.
//
// The bytes that a judge signed are never touched. Who brings them does not matter to the server, and it
// takes each once: the same sheets may travel by pictures, by file and by network.

import * as store from "../store.js";
import { row as deviceRow } from "../device.js";
import { bytesOf, payloadOf } from "../sign.js";

export const FORMAT = "jiangxin-handover";

/** Sheets that wait here: this tablet's own and those that it carries. */
export async function waitingSheets() {
  const own = (await store.outbox()).filter((row) => !row.answer);
  const carried = (await store.courier()).filter((row) => !row.answer);
  return [...bySeq(own), ...bySeq(carried)];
}

/** Everything that was signed on this tablet, and what it carries. */
export const allSheets = async () => [...bySeq(await store.outbox()), ...bySeq(await store.courier())];

/** Carried sheets that the server has answered: their own tablets may not know it yet. */
export const answeredForOthers = async () => bySeq((await store.courier()).filter((row) => row.receipt));

const bySeq = (rows) => [...rows].sort((a, b) => (a.kid < b.kid ? -1 : a.kid > b.kid ? 1 : a.seq - b.seq));

/** {about, signed} of sheets: `keys` lets the other tablet see damage at once. */
export async function ofSheets(rows) {
  const keys = {};
  const known = await store.deviceRows();
  for (const row of rows) {
    const jwk = row.jwk ?? known.find((device) => device.kid === row.kid)?.jwk;
    if (jwk) keys[row.kid] = jwk;
  }
  return { about: { ...sender(), kind: "sheets", keys }, signed: rows.map((row) => row.jws) };
}

/** {about, signed} of receipts. What a receipt does not say is added by its place in the list. */
export async function ofReceipts(rows) {
  const notes = {};
  rows.forEach((row, n) => {
    if (row.countable === false || row.reason) notes[n] = { countable: row.countable, reason: row.reason };
  });
  return { about: { ...sender(), kind: "receipts", notes }, signed: rows.map((row) => row.receipt) };
}

function sender() {
  const device = deviceRow();
  return { format: FORMAT, version: 1, kid: device?.kid ?? "", label: device?.label ?? "", installation: device?.installation ?? "" };
}

/** What a list shows of a signed sheet: {code, module, at}. Never a mark. */
export function named(jws) {
  const { code, module, at } = payloadOf(jws);
  return { code, module, at };
}

/** The header of a compact JWS, nothing verified; null when it is none. */
export function headerOf(jws) {
  try {
    return JSON.parse(new TextDecoder().decode(bytesOf(jws.split(".")[0])));
  } catch {
    return null;
  }
}
