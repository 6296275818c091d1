// A warning that was tapped away gives a page that looks right and an app that never works offline:
// only registering a service worker tells the two apart.
const shown = (id) => {
  for (const one of document.querySelectorAll("[data-answer]")) one.hidden = one.id !== id;
};

async function look() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) return shown("old");
  try {
    const registered = await navigator.serviceWorker.register("/venue/worker.js", { scope: "/venue/" });
    await registered.unregister();
    shown("yes");
  } catch {
    shown("no");
  }
}

look();
