// What this device knows and whom it believes: its age above everything, the rest folded away.

import { button, element, say } from "./shared/dom.js";
import { age, backwards, believeDelivered, refresh, state } from "./knowledge.js";
import { nameOf } from "./places.js";
import { moment, t } from "./words.js";

const HOUR = 3_600_000;

export function trust() {
  const strip = element("p.strip", { role: "status" });
  const notices = element("div.notices");
  const summary = element("summary");
  const inside = element("div");
  const folded = element("details.trust", {}, summary, inside);

  async function draw() {
    const known = await age();
    strip.dataset.tone = toneOf(known);
    strip.dataset.refreshes = state.refreshes;
    say(strip, stripWords(known));
    notices.replaceChildren(...noticesNow());
    summary.textContent = t("Whom this device believes");
    inside.replaceChildren(...insideNow());
  }

  function insideNow() {
    const again = button("quiet", { onclick: () => refresh().then(draw) }, t("Refresh now"));
    if (!state.trusted) return [element("p", {}, t("Nobody yet: connect to a network once.")), again];
    return [
      element("p", {}, t("Certificates under these addresses are recognised:")),
      element("ul.hostlist", {}, state.trusted.origins.map((origin) => element("li", {}, nameOf(origin)))),
      element("p", {}, t("Keys as of {time}", { time: moment(state.trusted.madeAt) })),
      again,
    ];
  }

  function noticesNow() {
    const now = Date.now();
    return [
      backwards(now) && element("p.notice", { "data-tone": "bad", "data-notice": "clock" },
        t("This device's clock was set back: it shows {now}, but {latest} was already over. Nothing is called valid until it is right.", { now: moment(now), latest: moment(state.latest) })),
      state.ahead !== 0 && element("p.notice", { "data-tone": "warn", "data-notice": "drift" },
        t("This device's clock differs from the server's by {n} minutes.", { n: Math.round(Math.abs(state.ahead) / 60_000) })),
      state.problem && !otherRoot() && element("p.notice", { "data-tone": "bad", "data-notice": "bundle" },
        t("The newest list of trusted keys was refused ({code}). What was known before goes on and gets older; tell the issuer.", { code: state.problem })),
      state.problem && otherRoot() && element("div.notice", { "data-tone": "bad", "data-notice": "root" },
        element("p", {}, t("This service shows other root keys than those that this device holds. Ask the issuer by telephone whether it changed them, before you go on.")),
        button("quiet", { onclick: () => believeDelivered().then(draw) }, t("The issuer confirmed it: use the new keys"))),
      /MicroMessenger|AlipayClient/.test(navigator.userAgent) && element("p.notice", { "data-tone": "warn" },
        t("Tap ··· at the top right, then “Open in browser”: here the camera and working without a network are not possible.")),
      !window.isSecureContext && element("p.notice", { "data-tone": "bad" }, t("Open this page over https: without it nothing can be checked.")),
    ].filter(Boolean);
  }

  return { strip, notices, folded, draw };
}

/** Only keys of which none is known here are a matter for the person. */
const otherRoot = () => ["unknown-key", "unauthorised", "other-issuer"].includes(state.problem)
  && JSON.stringify(state.delivered) !== JSON.stringify(state.pinned);

function toneOf(known) {
  if (!known || Date.now() >= known.end) return "bad";
  return Date.now() > known.freshUntil || backwards() ? "warn" : "good";
}

function stripWords(known) {
  const link = state.online && navigator.onLine ? t("Online") : t("Offline");
  if (!known) return t("{link} · no list yet: connect to a network once", { link });
  const time = moment(known.at);
  if (Date.now() >= known.end) return t("{link} · status unknown since {time}", { link, time });
  const old = Date.now() > known.freshUntil ? ` · ${t("{n} h old", { n: Math.floor((Date.now() - known.at) / HOUR) })}` : "";
  return t("{link} · list as of {time}", { link, time }) + old;
}
