// What the time-keeper's device keeps: every stamp until the server has it (and after), the clocks as they
// were last read. It never talks to the network. A stamp is on disk before the screen says so.

const NAME = "jiangxin-timing";
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("stamps", { keyPath: "id" });
      request.result.createObjectStore("kept", { keyPath: "key" });
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

/** One transaction; resolves when it is durably committed. A connection lost in the background (WebKit) is
 * opened again once. */
async function within(name, mode, work) {
  try {
    return await attempt(await open(), name, mode, work);
  } catch (error) {
    if (error.name !== "InvalidStateError" && error.name !== "UnknownError") throw error;
    opening = null;
    return attempt(await open(), name, mode, work);
  }
}

function attempt(base, name, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = base.transaction([name], mode, { durability: "strict" });
    const answer = {};
    transaction.oncomplete = () => resolve(answer.value);
    transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore(name), answer);
  });
}

export const stamps = () => within("stamps", "readonly", (store, answer) => {
  store.getAll().onsuccess = (event) => (answer.value = event.target.result.sort((a, b) => a.n - b.n));
});

/** All of them or none: a start of many works at once is one instant. */
export const add = (rows) => within("stamps", "readwrite", (store) => rows.forEach((row) => store.put(row)));

export const change = (id, facts) => within("stamps", "readwrite", (store, answer) => {
  store.get(id).onsuccess = (event) => {
    if (!event.target.result) return;
    answer.value = { ...event.target.result, ...facts };
    store.put(answer.value);
  };
});

export const kept = (key) => within("kept", "readonly", (store, answer) => {
  store.get(key).onsuccess = (event) => (answer.value = event.target.result?.value);
});

export const keep = (key, value) => within("kept", "readwrite", (store) => store.put({ key, value }));
