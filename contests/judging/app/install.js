// The service worker that keeps the app, and the update that waits for a tap.

import { emit } from "./signals.js";

const HOUR = 3_600_000;
export const state = { registration: null, waiting: null, reloading: false };

export async function start() {
  try {
    state.registration = await navigator.serviceWorker.register("/judging/sw.js", { scope: "/judging", updateViaCache: "none" });
  } catch {
    return; // offline, or a certificate that was clicked away: what is kept goes on
  }
  if (!state.registration) return;
  watch(state.registration);
  setInterval(look, HOUR);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (state.reloading) location.reload();
  });
  navigator.serviceWorker.ready.then(({ active }) => active?.postMessage({ type: "extras" }));
}

function watch(registration) {
  const offer = () => {
    // The first version takes over by itself; only a later one has to be asked for.
    state.waiting = registration.active ? registration.waiting : null;
    emit("update");
  };
  if (registration.waiting) offer();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
}

/** Looks for another version; the server's pulse names its own. */
export const look = () => state.registration?.update().catch(() => {});

/** The new version takes over and the page is loaded again. Everything that was tapped is on disk. */
export function takeOver() {
  state.reloading = true;
  state.waiting?.postMessage({ type: "take over" });
}

/** {version, missing, extras} of what is kept, or null without a service worker. */
export async function kept() {
  const worker = navigator.serviceWorker?.controller ?? state.registration?.active;
  if (!worker) return null;
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ type: "status" }, [channel.port2]);
    setTimeout(() => resolve(null), 5000);
  });
}
