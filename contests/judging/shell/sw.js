// Keeps the judges' app for airplane mode. The line above names its version and every file of it.
//
// The shell comes in one file and is kept whole or not at all. The first version is used at once; a later one
// waits until the page says "take over", which it does when the judge taps and nothing is open. /api is
// never touched.

const PREFIX = "jiangxin-judging-";
const NAME = PREFIX + KEPT.version;
/** Which kept page a navigation gets: a time-keeper's address names the contest behind the page's. */
const pageOf = (path) => (/^\/judging\/?$/.test(path) ? "/judging/" : path === "/judging/taste" ? path
  : /^\/judging\/timing(\/|$)/.test(path) ? "/judging/timing" : "");
const LATER = [...KEPT.more, ...KEPT.singles];
const FILES = new Set([...KEPT.shell, ...LATER]);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  try {
    await keepBundle(KEPT.bundles[0], KEPT.shell);
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
  if (!self.registration.active) await self.skipWaiting();
}

/** Puts every file of a bundle where its address will be asked for. */
async function keepBundle(address, wanted) {
  const reply = await fetch(address, { cache: "reload", credentials: "omit", redirect: "error" });
  if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
  const files = await reply.json();
  const missing = wanted.filter((file) => !files[file]);
  if (missing.length > 0) throw new Error(`not in ${address}: ${missing}`);
  const cache = await caches.open(NAME);
  await Promise.all(wanted.map((file) => cache.put(file, new Response(files[file][1], { headers: files[file][0] }))));
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    const page = pageOf(url.pathname);
    if (page) event.respondWith(kept(page, request));
  } else if (FILES.has(url.pathname + url.search)) {
    event.respondWith(kept(url.pathname + url.search, request));
  }
});

async function kept(file, request) {
  const cache = await caches.open(NAME);
  const found = await cache.match(file, { ignoreVary: true });
  if (found) return found;
  const fresh = await fetch(request);
  if (fresh.ok && !fresh.redirected) await cache.put(file, fresh.clone()).catch(() => {});
  return fresh;
}

self.addEventListener("message", (event) => {
  const { type } = event.data ?? {};
  if (type === "take over") event.waitUntil(self.skipWaiting());
  if (type === "extras") event.waitUntil(keepLater());
  if (type === "status") event.waitUntil(status().then((found) => event.ports[0]?.postMessage(found)));
});

/** The rest, and again at the next start what is missing then: a slow link must not hold anything up. */
async function keepLater() {
  const cache = await caches.open(NAME);
  const has = async (file) => Boolean(await cache.match(file, { ignoreVary: true }));
  try {
    for (const file of KEPT.more) {
      if (await has(file)) continue;
      await keepBundle(KEPT.bundles[1], KEPT.more);
      break;
    }
    for (const file of KEPT.singles) {
      if (!(await has(file))) await cache.add(new Request(file, { credentials: "omit" }));
    }
  } catch {
    // not now: the page asks again
  }
}

async function status() {
  const cache = await caches.open(NAME);
  const without = async (files) => {
    const found = await Promise.all(files.map((file) => cache.match(file, { ignoreVary: true })));
    return files.filter((_, n) => !found[n]);
  };
  return { version: KEPT.version, missing: await without(KEPT.shell), extras: (await without(LATER)).length };
}
