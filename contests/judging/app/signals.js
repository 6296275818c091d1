// Who is told what: "outbox", "link", "heads", "messages", "people", "restored", "device", "language".

const hub = new EventTarget();

/** Calls `told(detail)` at each signal; answers the way to stop it. */
export function on(name, told) {
  const listener = (event) => told(event.detail);
  hub.addEventListener(name, listener);
  return () => hub.removeEventListener(name, listener);
}

export const emit = (name, detail = null) => hub.dispatchEvent(new CustomEvent(name, { detail }));
