// What this tablet keeps: the judge's key, drafts and the outbox. It never talks to the network.
//
// Outbox rows are never deleted here. WebCrypto is never awaited inside a transaction: WebKit and
// Firefox end the transaction then.

const NAME = "jiangxin-judging";
const VERSION = 1;
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const base = request.result;
      base.createObjectStore("keys", { keyPath: "account" });
      base.createObjectStore("packs", { keyPath: "contest" });
      base.createObjectStore("drafts", { keyPath: "slot" });
      base.createObjectStore("outbox", { keyPath: "rid" });
      base.createObjectStore("places", { keyPath: "contest" });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => (opening = null);
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** Runs `work(store, …)` in one transaction and resolves when it is durably committed.
 * A connection lost in the background (WebKit) is opened again once. */
async function within(names, mode, work) {
  try {
    return await attempt(await open(), names, mode, work);
  } catch (error) {
    if (error.name !== "InvalidStateError" && error.name !== "UnknownError") throw error;
    opening = null;
    return attempt(await open(), names, mode, work);
  }
}

function attempt(base, names, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(names, mode, { durability: "strict" });
    const answer = { value: undefined };
    transaction.oncomplete = () => resolve(answer.value);
    transaction.onabort = () => reject(answer.error ?? transaction.error);
    transaction.onerror = () => reject(transaction.error);
    work((name) => transaction.objectStore(name), answer, transaction);
  });
}

const get = (name, key) =>
  within([name], "readonly", (store, answer) => {
    store(name).get(key).onsuccess = (event) => (answer.value = event.target.result);
  });

const all = (name) =>
  within([name], "readonly", (store, answer) => {
    store(name).getAll().onsuccess = (event) => (answer.value = event.target.result);
  });

const put = (name, row) => within([name], "readwrite", (store) => store(name).put(row));

export const key = (account) => get("keys", account);
export const pack = (contest) => get("packs", contest);
export const savePack = (row) => put("packs", row);
export const draft = (slot) => get("drafts", slot);
export const saveDraft = (row) => put("drafts", row);
export const place = (contest) => get("places", contest);
export const savePlace = (row) => put("places", row);
export const drafts = () => all("drafts");
export const outbox = () => all("outbox");

/** Keeps a new key unless another tab was first; answers the one that is kept. */
export function keepKey(row) {
  return within(["keys"], "readwrite", (store, answer) => {
    store("keys").get(row.account).onsuccess = (event) => {
      answer.value = event.target.result ?? row;
      if (!event.target.result) store("keys").put(row);
    };
  });
}

/** Replaces a key that the server no longer knows. */
export const replaceKey = (row) => put("keys", row);

/** Queues a signed revision and moves the device's chain on, both or neither.
 * false = another tab signed in between: sign again on the new head. */
export function queue(row, expected, draftRow) {
  return within(["keys", "outbox", "drafts"], "readwrite", (store, answer) => {
    store("keys").get(row.account).onsuccess = (event) => {
      const kept = event.target.result;
      answer.value = kept.kid === expected.kid && kept.seq === expected.seq;
      if (!answer.value) return;
      store("keys").put({ ...kept, seq: row.seq, prev: row.hash });
      store("outbox").put(row);
      store("drafts").put(draftRow);
    };
  });
}

/** Notes the server's answer on a queued revision. */
export function answered(rid, facts) {
  return within(["outbox"], "readwrite", (store) => {
    store("outbox").get(rid).onsuccess = (event) => {
      if (event.target.result) store("outbox").put({ ...event.target.result, ...facts });
    };
  });
}
