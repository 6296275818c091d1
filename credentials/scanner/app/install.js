// The service worker that keeps the app. A newer version takes over by itself: nothing is lost by it, because
// everything that this device holds is in its database.

export async function keep() {
  try {
    await navigator.serviceWorker.register("/scan/sw.js", { scope: "/scan", updateViaCache: "none" });
    (await navigator.serviceWorker.ready).active?.postMessage({ type: "singles" });
  } catch {
    // a private window, or offline: what is kept goes on
  }
}

/** Whether the app opens and reads without a network: "yes", "no", "soon". */
export async function kept() {
  const worker = navigator.serviceWorker?.controller ?? (await navigator.serviceWorker?.getRegistration("/scan"))?.active;
  if (!worker) return "no";
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => resolve(data.missing ? "soon" : "yes");
    worker.postMessage({ type: "status" }, [channel.port2]);
    setTimeout(() => resolve("no"), 5000);
  });
}
