// The bar at the top: which contest, who, whether there is a connection, and where the sheets are.

import { app } from "./app.js";
import * as beat from "./beat.js";
import { isShared, row as device } from "./device.js";
import { button, element, say } from "./shared/dom.js";
import * as install from "./install.js";
import * as sync from "./sync.js";
import { current, pick, t } from "./words.js";

/** actions: menu, messages, delivery, update, switchJudge */
export function bar(actions) {
  const node = element("header.bar");
  const parts = {};

  function build() {
    parts.title = element("h1", { id: "contest-title" });
    parts.who = element("p", { id: "who" });
    parts.link = element("span.pill", { id: "link" });
    parts.queue = button("pill", { id: "queue", onclick: actions.delivery });
    parts.message = button("pill.message", { id: "message", hidden: true, onclick: actions.messages });
    parts.update = button("pill", { id: "update", hidden: true, onclick: actions.update }, `↻ ${t("Update")}`);
    parts.turn = button("turn", { id: "switch", hidden: true, onclick: actions.switchJudge },
      element("span", { "aria-hidden": "true" }, "⇄ "), element("span.not-phone", {}, t("Switch judge")));
    parts.turn.setAttribute("aria-label", t("Switch judge"));
    const menu = button("turn", { id: "menu", onclick: actions.menu, "aria-haspopup": "dialog" },
      element("span", { "aria-hidden": "true" }, "☰ "), element("span.wide-only", {}, t("Menu")));
    menu.setAttribute("aria-label", t("Menu"));
    node.replaceChildren(element("div.names", {}, parts.title, parts.who),
      parts.update, parts.message, parts.link, parts.queue, parts.turn, menu);
    patch();
  }

  function patch() {
    const { session } = app;
    say(parts.title, session ? session.title() : "匠心 Jiangxin");
    say(parts.who, session ? session.who() : device()?.label ?? "");
    patchLink();
    parts.turn.hidden = !(session || app.person) || !isShared();
    patchMessages();
    parts.update.hidden = !install.state.waiting;
    return patchQueue();
  }

  function patchLink() {
    const [words, tone] = LINKS[device() ? beat.state.link : "offline"]();
    say(parts.link, words);
    parts.link.dataset.tone = tone;
    parts.link.dataset.link = beat.state.link;
    parts.link.hidden = !device();
  }

  function patchMessages() {
    const unread = beat.state.messages.filter((one) => !one.read);
    parts.message.hidden = unread.length === 0;
    // What a person wrote goes before what the tablet says of itself.
    const first = unread.findLast((one) => !one.own) ?? unread.at(-1);
    say(parts.message, first ? `✉ ${first.text}` : "");
    parts.message.dataset.tone = unread.some((one) => one.tone === "bad") ? "bad" : "warn";
  }

  async function patchQueue() {
    const account = app.session?.account ?? "";
    const [waiting, unsettled] = [await sync.waiting(account), await sync.unsettled(account)];
    const { words, tone, state } = queueWords(waiting, unsettled);
    parts.queue.hidden = !device();
    say(parts.queue, words);
    parts.queue.dataset.tone = tone;
    parts.queue.dataset.state = state;
  }

  build();
  return { node, build, patch };
}

const LINKS = {
  online: () => [`● ${t("Connected")}`, "good"],
  stale: () => [`◐ ${t("No answer since {time}", { time: clockTime(beat.lastHeard()) })}`, "warn"],
  offline: () => [`○ ${t("No connection")}`, "warn"],
};

export function clockTime(moment) {
  const date = moment instanceof Date ? moment : new Date(moment || NaN);
  if (Number.isNaN(date.getTime())) return "—";
  return date.toLocaleTimeString(current(), { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** The four states of what was signed, most urgent first. */
function queueWords(waiting, unsettled) {
  if (beat.state.refused || unsettled.length > 0) {
    const words = unsettled.length > 0 ? t("{n} need attention", { n: unsettled.length }) : t("Needs attention");
    return { words: `⚠ ${words}`, tone: "bad", state: "attention" };
  }
  if (waiting.some((row) => sync.isSending(row))) {
    return { words: `↑ ${t("Sending {n}", { n: waiting.length })}`, tone: "warn", state: "sending" };
  }
  if (waiting.length > 0) {
    return { words: `▣ ${t("{n} on this tablet", { n: waiting.length })}`, tone: "warn", state: "tablet" };
  }
  return { words: `✓ ${t("All stored")}`, tone: "good", state: "stored" };
}

/** What a contest is called in a list. */
export const contestName = (contest) => pick(contest.title) || contest.code;
