// Times in words that go on by themselves, and how old the page is.

const STALE = 15_000;
const SILENT = 30; // seconds without a word from a tablet that is in use

let offset = 0; // server minus here, in milliseconds

/** Takes the server's clock from an answer; a tablet's own may be hours off. */
export function heed(reply) {
  const date = Date.parse(reply.headers.get("date") ?? "");
  if (!Number.isNaN(date)) offset = date - Date.now();
}

export function ages(root, language) {
  const words = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  for (const node of root.querySelectorAll("time[data-ago]")) {
    const seconds = Math.max(0, Math.round((Date.now() + offset - Date.parse(node.dateTime)) / 1000));
    const text = inWords(words, seconds);
    if (node.textContent !== text) node.textContent = text;
    const old = node.dataset.ago === "active" && seconds > SILENT;
    if (node.hasAttribute("data-old") !== old) node.toggleAttribute("data-old", old);
  }
}

function inWords(words, seconds) {
  if (seconds < 60) return words.format(-seconds, "second");
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86_400) return words.format(-Math.floor(seconds / 3600), "hour");
  return words.format(-Math.floor(seconds / 86_400), "day");
}

/** What the pill at the top says, from the last sign of life. */
export function freshness(pill) {
  let last = performance.now();
  let at = new Date();
  let kind = "live";
  let out = false;
  const show = () => {
    const stale = performance.now() - last > STALE;
    const time = at.toLocaleTimeString(document.documentElement.lang, { hour12: false });
    const words = out ? pill.dataset.out : stale
      ? pill.dataset.stale.replace("{time}", time) : pill.dataset[kind];
    if (pill.textContent !== words) pill.textContent = words;
    pill.dataset.tone = out ? "bad" : stale ? "warn" : "good";
  };
  setInterval(show, 1_000);
  show();
  return {
    alive(now) {
      [last, at, kind, out] = [performance.now(), new Date(), now, false];
      show();
    },
    gone() {
      out = true;
      show();
    },
  };
}
