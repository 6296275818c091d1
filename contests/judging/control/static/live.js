// Hears that something has changed: by the server's events, and when they fall silent by asking.

const BEAT = 5_000; // the server's; two missed ones are silence
const ASK = 5_000;
const PAUSE = 500;

/**
 * live(address, { news, alive }): `news()` fetches what is shown and resolves to true when it could;
 * `alive(kind)` is told "live" or "polling" with every sign of life.
 */
export function live(address, { news, alive }) {
  let source = null;
  let opened = 0;
  let heard = performance.now();
  let asking = 0;
  let wanted = false;
  let busy = false;

  async function ask() {
    wanted = true;
    if (busy) return;
    busy = true;
    // What changes while an answer is on its way is asked for after it, once: two hundred tablets give
    // a new version every second.
    while (wanted) {
      wanted = false;
      if (await news()) alive(asking ? "polling" : "live");
      if (wanted) await new Promise((done) => setTimeout(done, PAUSE));
    }
    busy = false;
  }

  function sign() {
    heard = performance.now();
    clearInterval(asking);
    asking = 0;
    alive("live");
  }

  function open() {
    opened = performance.now();
    source?.close();
    source = new EventSource(address);
    source.addEventListener("version", () => {
      sign();
      ask();
    });
    source.addEventListener("beat", sign);
    source.addEventListener("end", () => {
      source.close();
      ask();
    });
  }

  open();
  setInterval(() => {
    const silent = performance.now() - heard > 2 * BEAT;
    if (silent && !asking) {
      ask();
      asking = setInterval(ask, ASK);
    }
    // A browser gives a stream up after some refusals, and does not notice one that is half open.
    const dead = silent || source.readyState === EventSource.CLOSED;
    if (dead && performance.now() - opened > 2 * BEAT) open();
  }, 1_000);
  for (const event of ["pageshow", "online"]) addEventListener(event, ask);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask();
  });
  return { ask };
}
