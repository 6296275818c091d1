// What stays on this device: knowledge, choices and the history, in IndexedDB; in memory where a private window
// has none.

const NAME = "jiangxin-scan";
const [KEPT, HISTORY] = ["kept", "history"];
export const LONGEST = 1000;

const memory = { [KEPT]: new Map(), [HISTORY]: [] };
let opening = null;

function database() {
  opening ??= new Promise((resolve) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(KEPT);
      asked.result.createObjectStore(HISTORY, { autoIncrement: true });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = asked.onblocked = () => resolve(null);
  }).catch(() => null);
  return opening;
}

async function run(name, mode, work) {
  const base = await database();
  if (!base) return undefined;
  const transaction = base.transaction(name, mode);
  const asked = work(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Whether anything outlives this window. */
export const lasting = async () => Boolean(await database());

export async function get(key) {
  return (await lasting()) ? run(KEPT, "readonly", (store) => store.get(key)) : memory[KEPT].get(key);
}

export async function put(key, value) {
  memory[KEPT].set(key, value);
  await run(KEPT, "readwrite", (store) => store.put(value, key));
}

export async function remember(entry) {
  memory[HISTORY].push(entry);
  await run(HISTORY, "readwrite", (store) => {
    store.add(entry);
    const counted = store.count();
    counted.onsuccess = () => {
      if (counted.result <= LONGEST) return;
      store.openCursor().onsuccess = ({ target }) => target.result?.delete();
    };
  });
}

/** Newest first. */
export async function history() {
  const found = (await lasting()) ? await run(HISTORY, "readonly", (store) => store.getAll()) : memory[HISTORY];
  return [...found].reverse();
}

export async function clearHistory() {
  memory[HISTORY] = [];
  await run(HISTORY, "readwrite", (store) => store.clear());
}

/** Everything but the history: the next start is the first. */
export async function forget() {
  memory[KEPT].clear();
  await run(KEPT, "readwrite", (store) => store.clear());
}
