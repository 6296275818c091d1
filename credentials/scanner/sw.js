// Keeps the scanner for use without a network. The line above names its version and every file of it.
//
// The shell is kept whole or not at all. Keys, lists and certificates are never touched here: the page keeps them
// itself, where it checks them again.

const PREFIX = "jiangxin-scan-";
const NAME = PREFIX + KEPT.version;
const FILES = new Set([...KEPT.shell, ...KEPT.singles]);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  try {
    await keepBundle();
    await self.skipWaiting();
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

async function keepBundle() {
  const reply = await fetch(KEPT.bundle, { cache: "reload", credentials: "omit", redirect: "error" });
  if (!reply.ok) throw new Error(`${KEPT.bundle}: ${reply.status}`);
  const files = await reply.json();
  const missing = KEPT.shell.filter((file) => !files[file]);
  if (missing.length > 0) throw new Error(`not in ${KEPT.bundle}: ${missing}`);
  const cache = await caches.open(NAME);
  await Promise.all(KEPT.shell.map((file) => cache.put(file, new Response(files[file][1], { headers: files[file][0] }))));
}

/** The reader is large and its address names its content: a newer version takes the older one's. */
async function activate() {
  const mine = await caches.open(NAME);
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === NAME) continue;
    const old = await caches.open(name);
    for (const file of KEPT.singles) {
      const found = await old.match(file, { ignoreVary: true });
      if (found) await mine.put(file, found);
    }
    await caches.delete(name);
  }
  await self.clients.claim();
  await keepSingles();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (/^\/scan\/?$/.test(url.pathname)) event.respondWith(kept("/scan", request));
  } else if (FILES.has(url.pathname + url.search)) {
    event.respondWith(kept(url.pathname + url.search, request));
  }
});

async function kept(file, request) {
  const cache = await caches.open(NAME);
  return (await cache.match(file, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("message", (event) => {
  const { type } = event.data ?? {};
  if (type === "singles") event.waitUntil(keepSingles());
  if (type === "status") event.waitUntil(missing().then((count) => event.ports[0]?.postMessage({ version: KEPT.version, missing: count })));
});

/** The reader and the icons, one by one, and again at the next start what is missing then. */
async function keepSingles() {
  const cache = await caches.open(NAME);
  for (const file of KEPT.singles) {
    if (await cache.match(file, { ignoreVary: true })) continue;
    await cache.add(new Request(file, { credentials: "omit" })).catch(() => {});
  }
}

async function missing() {
  const cache = await caches.open(NAME);
  const found = await Promise.all([...FILES].map((file) => cache.match(file, { ignoreVary: true })));
  return found.filter((one) => !one).length;
}
