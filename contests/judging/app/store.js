// What this tablet keeps, by name: its key, the people, packs, drafts, the outbox. It never talks to
// the network. Outbox rows are never deleted here before "return this tablet".

import { all, get, put, remove, update, wipe, within } from "./database.js";

export { wipe };

// --- the device's keys; "self" is a shared tablet's, a personal one stands under its account -------

export const deviceRow = (id) => get("device", id);
export const deviceRows = () => all("device");
export const updateDevice = (id, facts) =>
  update("device", id, (kept) => kept && { ...kept, ...facts });

/** Keeps a new key unless there is one already; answers the one that is kept. */
export const keepDevice = (row) => update("device", row.id, (kept) => kept ?? row);

// --- people ---------------------------------------------------------------------------------------

export const people = () => all("people");
export const person = (account) => get("people", account);
export const updatePerson = (account, facts) =>
  update("people", account, (kept) => ({ pin: null, admitted: false, seats: [], ...kept, ...facts, account }));

/** The people that the server names, with what this tablet knows of them already. */
export const savePeople = (named) =>
  within(["people"], "readwrite", (store) => {
    store("people").getAll().onsuccess = (event) => {
      const kept = new Map(event.target.result.map((row) => [row.account, row]));
      for (const one of named) store("people").put({ pin: null, ...kept.get(one.account), ...one, here: true });
      const now = new Set(named.map((one) => one.account));
      for (const row of kept.values()) {
        if (!now.has(row.account)) store("people").put({ ...row, here: false });
      }
    };
  });

// --- packs ----------------------------------------------------------------------------------------

export const packKey = (contest, account) => `${contest}|${account}`;
export const packs = () => all("packs");
export const packRow = (contest, account) => get("packs", packKey(contest, account));
export const savePack = (row) => put("packs", row);
export const updatePack = (contest, account, change) =>
  update("packs", packKey(contest, account), (kept) => kept && change(kept));

// --- drafts and where a judge was -----------------------------------------------------------------

export const draftSlot = (account, sheet) => `${account}|${sheet}`;
export const saveDraft = (row) => put("drafts", row);

/** One judge's drafts: nothing of anybody else's is read. */
export const draftsOf = (account) =>
  within(["drafts"], "readonly", (store, answer) => {
    const range = IDBKeyRange.bound(`${account}|`, `${account}|\uffff`);
    store("drafts").getAll(range).onsuccess = (event) => (answer.value = event.target.result);
  });

/** Several drafts in one transaction: marks that move from one code to another. */
export const saveDrafts = (rows) =>
  within(["drafts"], "readwrite", (store) => {
    for (const row of rows) store("drafts").put(row);
  });

export const drafts = () => all("drafts");
export const place = (account) => get("places", account);
export const savePlace = (account, contest, where) =>
  update("places", account, (kept) => ({
    account, contest, at: { ...kept?.at, [contest]: where },
  }));

// --- the outbox -----------------------------------------------------------------------------------
// Read once and kept in memory as it is on disk: 500 signed sheets must not be read at every tap. The
// app runs in one tab at a time (lock.js), so nobody else writes.

let rows = null;

export async function outbox() {
  rows ??= new Map((await all("outbox")).map((row) => [row.rid, row]));
  return [...rows.values()];
}

/** After another tab may have written, and after wiping. */
export function forget() {
  rows = null;
  unsent = null;
}

/** Queues signed revisions and moves the device's chain on, all or nothing.
 * false = something else was signed in between: sign again on the new head. */
export async function queue(signed, expected, draftRows) {
  await outbox();
  const done = await within(["device", "outbox", "drafts"], "readwrite", (store, answer) => {
    store("device").get(expected.id).onsuccess = (event) => {
      const kept = event.target.result;
      answer.value = kept.kid === expected.kid && kept.seq === expected.seq;
      if (!answer.value) return;
      store("device").put({ ...kept, seq: signed.at(-1).seq, prev: signed.at(-1).hash });
      for (const row of signed) store("outbox").put(row);
      for (const row of draftRows) store("drafts").put(row);
    };
  });
  if (done) for (const row of signed) rows.set(row.rid, row);
  return done;
}

/** Notes on a queued revision what became of it. Answers the row. */
export async function answered(rid, change) {
  const row = await update("outbox", rid, (kept) => kept && { ...kept, ...change(kept) });
  if (row && rows) rows.set(rid, row);
  return row;
}

// --- other tablets' revisions that this one carries -------------------------------------------------

export const courier = () => all("courier");
export const carry = (row) => update("courier", row.hash, (kept) => kept ?? row);
export const carried = (hash, facts) => update("courier", hash, (kept) => kept && { ...kept, ...facts });

// --- pictures and the rest --------------------------------------------------------------------------

export const picture = (sha) => get("pictures", sha);
export const pictures = () => all("pictures");

let unsent = null;

/** [{sha, contest}] of what still has to be sent; the pictures themselves are not read for it. */
export async function unsentPictures() {
  unsent ??= new Map((await pictures()).filter((row) => !row.sent).map(({ sha, contest }) => [sha, { sha, contest }]));
  return [...unsent.values()];
}

export async function keepPicture(row) {
  const kept = await update("pictures", row.sha, (known) => known ?? row);
  if (!kept.sent) (await unsentPictures(), unsent).set(row.sha, { sha: row.sha, contest: row.contest });
  return kept;
}

/** A picture that the server refuses is not tried again before the next start. */
export async function updatePicture(sha, facts) {
  if (facts.sent || facts.problem) unsent?.delete(sha);
  return update("pictures", sha, (kept) => kept && { ...kept, ...facts });
}

export const meta = async (key) => (await get("meta", key))?.value;
export const saveMeta = (key, value) => put("meta", { key, value });
export const removeMeta = (key) => remove("meta", key);
