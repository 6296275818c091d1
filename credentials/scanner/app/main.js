// The scanner: one page, one picture after the other, nothing sent anywhere.

import { card } from "./card.js";
import { button, element, press, say } from "./shared/dom.js";
import { eye } from "./eye.js";
import { canSpeak, canVibrate, feel, speak } from "./feedback.js";
import { keep, kept } from "./install.js";
import { backwards, listOf, refresh, start, state, tick } from "./knowledge.js";
import { past } from "./past.js";
import { get, put } from "./store.js";
import { tally } from "./tally.js";
import { trust } from "./trust.js";
import { verdictOf } from "./verdict.js";
import { told, toneOf } from "./wording.js";
import { LANGUAGES, choose, current, learn, t, wished } from "./words.js";

const MINUTE = 60_000;
const GONE = 2500;
/** Milliseconds for which a picture must be out of sight before it is another paper. */

const root = document.getElementById("app");
const choices = { stack: false, vibrate: false, speak: false, language: "" };
const sight = new Map();
let shownNow = null;
let waits = false;
let last = "";

const title = element("h1");
const languages = element("select", { id: "language" }, Object.entries(LANGUAGES).map(([code, name]) => element("option", { value: code, lang: code }, name)));
const languageLabel = element("label.unseen", { for: "language" });
const believed = trust();
const result = element("div.result", { role: "status", "aria-live": "polite" });
const next = button("main", { hidden: true, onclick: () => goOn() });
const stack = tally();
const stackTitle = element("h2");
const fresh = button("quiet", { onclick: () => stack.clear() });
const toggles = {
  stack: button("toggle", { onclick: () => flip("stack") }),
  vibrate: button("toggle", { hidden: !canVibrate(), onclick: () => flip("vibrate") }),
  speak: button("toggle", { hidden: !canSpeak(), onclick: () => flip("speak") }),
};
const history = past();
const looking = eye({ seen, given: (text) => check(text) });
const keptNote = element("p.kept");

/** The camera sees one paper dozens of times: only the first sight of it counts. */
async function seen(text) {
  if (waits && text !== last) return;
  const now = performance.now();
  const before = sight.get(text) ?? -Infinity;
  sight.set(text, now);
  if (waits || now - before < GONE) return;
  last = text;
  await check(text);
  if (!choices.stack) wait();
}

async function check(text) {
  if (!state.trusted) await refresh();
  if (!state.trusted) return say(result, t("Nothing can be checked yet: connect to a network once, so that the lists arrive."));
  const now = Date.now();
  const verdict = await verdictOf(text, { trusted: state.trusted, listOf, now, backwards: backwards(now) });
  const again = choices.stack ? stack.add(text, verdict) : 0;
  shownNow = { verdict, again };
  result.replaceChildren(card(verdict, again));
  if (choices.vibrate) feel(toneOf(verdict));
  if (choices.speak) speak(told(verdict).word);
  await history.add(verdict);
  await believed.draw();
}

function wait() {
  waits = true;
  next.hidden = false;
  next.focus();
}

function goOn() {
  waits = false;
  next.hidden = true;
  shownNow = null;
  result.replaceChildren();
}

async function flip(name) {
  choices[name] = !choices[name];
  if (name === "stack") {
    stack.clear();
    if (choices.stack && waits) goOn();
  }
  draw();
  await put("choices", { ...choices });
}

function draw() {
  document.title = title.textContent = t("Certificate scanner");
  languageLabel.textContent = t("Language");
  languages.value = current();
  next.textContent = t("Next paper");
  stackTitle.textContent = t("This stack");
  fresh.textContent = t("New stack");
  const words = { stack: t("Stack: next paper without a tap"), vibrate: t("Vibrate"), speak: t("Say the verdict aloud") };
  for (const [name, toggle] of Object.entries(toggles)) {
    toggle.textContent = words[name];
    press(toggle, choices[name]);
  }
  stackTitle.parentNode.hidden = !choices.stack;
  stack.draw();
  looking.draw();
  if (shownNow) result.replaceChildren(card(shownNow.verdict, shownNow.again));
  history.draw();
  believed.draw();
  drawKept();
}

async function drawKept() {
  const how = await kept();
  keptNote.dataset.kept = how;
  keptNote.textContent = { yes: t("This page opens and reads without a network."), soon: t("Being kept for use without a network …"), no: "" }[how];
}

languages.addEventListener("change", () => {
  choices.language = languages.value;
  choose(choices.language);
  draw();
  put("choices", { ...choices });
});

async function renew() {
  await refresh();
  await believed.draw();
}

async function open() {
  const [words, delivered] = await Promise.all([root.dataset.words, root.dataset.anchor].map(async (address) => (await fetch(address)).json()));
  learn(words);
  Object.assign(choices, await get("choices"));
  choose(choices.language || wished());
  root.replaceChildren(
    element("header.top", {}, title, languageLabel, languages),
    element("main", {}, believed.strip, believed.notices, looking.node,
      element("section.stack", {}, stackTitle, stack.node, fresh), next, result,
      element("section.ways", { "aria-label": t("Ways to work") }, Object.values(toggles)), history.node, believed.folded, keptNote));
  await start(delivered);
  draw();
  keep().then(drawKept);
  await renew();
  setInterval(async () => {
    await tick();
    await believed.draw();
    drawKept();
  }, MINUTE);
  setInterval(renew, 10 * MINUTE);
  for (const [target, event] of [[window, "online"], [window, "focus"]]) target.addEventListener(event, renew);
  window.addEventListener("offline", () => {
    state.online = false;
    believed.draw();
  });
  document.addEventListener("visibilitychange", () => document.hidden || renew());
}

open();
