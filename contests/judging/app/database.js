// The tablet's own database: its shape, the way from the first shape, and one durable transaction.
//
// WebCrypto is never awaited inside a transaction: WebKit and Firefox end the transaction then.

const NAME = "jiangxin-judging";
const VERSION = 2;

/** name -> key of its rows. */
const STORES = {
  device: "id",
  people: "account",
  packs: "key",
  drafts: "slot",
  outbox: "rid",
  courier: "hash",
  places: "account",
  pictures: "sha",
  meta: "key",
};

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => upgrade(request.result, request.transaction, oldVersion);
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => (opening = null);
      resolve(request.result);
    };
    request.onerror = () => {
      opening = null;
      reject(request.error);
    };
  });
  return opening;
}

function upgrade(base, transaction, from) {
  if (from === 0) return make(base);
  const old = {};
  const names = ["keys", "packs", "drafts", "outbox", "places"];
  let missing = names.length;
  for (const name of names) {
    transaction.objectStore(name).getAll().onsuccess = (event) => {
      old[name] = event.target.result;
      missing -= 1;
      if (missing > 0) return;
      for (const each of names) base.deleteObjectStore(each);
      make(base);
      for (const [store, rows] of Object.entries(carriedOver(old))) {
        for (const row of rows) transaction.objectStore(store).put(row);
      }
    };
  }
}

function make(base) {
  for (const [name, keyPath] of Object.entries(STORES)) base.createObjectStore(name, { keyPath });
}

/** What the first shape held, in the present one: nothing that was marked or signed is lost. */
function carriedOver({ keys, packs, drafts, outbox, places }) {
  const only = keys.length === 1 ? keys[0].account : "";
  const kid = (account) => keys.find((key) => key.account === account)?.kid ?? "";
  const ofSlot = (slot) => ({ account: slot.slice(0, 36), sheet: slot.slice(37) });
  const step = (marks) => ({ marks, about: {} });
  return {
    device: keys.map((key) => ({
      ...key, id: key.account, kind: "personal", label: "", installation: "", receipt_key: null,
    })),
    packs: only ? packs.map(({ contest, pack }) => ({
      key: `${contest}|${only}`, contest, account: only, pack, etag: "", heads: {}, rounds: [], length: 0,
    })) : [],
    drafts: drafts.map((row) => ({
      ...row, ...ofSlot(row.slot), about: {}, past: (row.past ?? []).map(step), future: [],
    })),
    outbox: outbox.map(({ logSeq = 0, ...row }) => ({
      ...row, ...ofSlot(row.slot), kid: kid(row.account), log_seq: logSeq,
    })),
    places: only ? [{ account: only, contest: places[0]?.contest ?? "", at: Object.fromEntries(
      places.map(({ contest, part, sheet }) => [contest, { part, sheet }])) }] : [],
    meta: only ? [{ key: "device", value: only }] : [],
  };
}

const LOST = new Set(["InvalidStateError", "UnknownError"]);

/** Runs `work(store, answer)` in one transaction and resolves with `answer.value` when it is durably
 * committed. A connection lost in the background (WebKit) is opened again once. */
export async function within(names, mode, work) {
  try {
    return await attempt(await open(), names, mode, work);
  } catch (error) {
    if (!LOST.has(error?.name)) throw error;
    opening = null;
    return attempt(await open(), names, mode, work);
  }
}

function attempt(base, names, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(names, mode, { durability: "strict" });
    const answer = { value: undefined };
    transaction.oncomplete = () => resolve(answer.value);
    transaction.onabort = () => reject(answer.error ?? transaction.error ?? new Error("aborted"));
    work((name) => transaction.objectStore(name), answer, transaction);
  });
}

export const get = (name, key) =>
  within([name], "readonly", (store, answer) => {
    store(name).get(key).onsuccess = (event) => (answer.value = event.target.result);
  });

export const all = (name) =>
  within([name], "readonly", (store, answer) => {
    store(name).getAll().onsuccess = (event) => (answer.value = event.target.result);
  });

export const put = (name, row) => within([name], "readwrite", (store) => store(name).put(row));

export const remove = (name, key) => within([name], "readwrite", (store) => store(name).delete(key));

/** Reads one row, changes it and writes it back, in one transaction. Answers the row that is kept;
 * a `change` that answers nothing leaves it as it is. */
export const update = (name, key, change) =>
  within([name], "readwrite", (store, answer) => {
    store(name).get(key).onsuccess = (event) => {
      answer.value = change(event.target.result) ?? event.target.result;
      if (answer.value) store(name).put(answer.value);
    };
  });

/** Forgets everything. Only "return this tablet" calls it, when the server has said that it may. */
export const wipe = () =>
  within(Object.keys(STORES), "readwrite", (store) => {
    for (const name of Object.keys(STORES)) store(name).clear();
  });
