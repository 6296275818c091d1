// What is on the screen: the bar, below it one face or the sheet of the judge who is unlocked.

import { element } from "./shared/dom.js";
import * as store from "./store.js";
import { choose, current, LANGUAGES, t, wished } from "./words.js";

export const root = document.querySelector("#app");
export const app = { session: null, sheet: null, person: null };

const page = { bar: null, face: element("div.face", { id: "face" }), now: null, toast: element("p.toast", { role: "status", hidden: true }) };

export function begin(bar) {
  page.bar = bar;
  root.replaceChildren(bar.node, page.face, page.toast);
}

/** Puts a face on the screen; what was there is taken out of the page, not hidden. */
export function show(mount, ...given) {
  page.now?.face?.unmount?.();
  page.face.replaceChildren();
  page.now = { mount, given, face: null };
  page.now.face = mount(page.face, ...given) ?? null;
  page.face.scrollTo?.(0, 0);
  page.bar?.patch();
}

/** A face that is loaded when it is asked for; `load()` answers its mount. */
export async function showLater(load, ...given) {
  const mount = await asked(load);
  if (mount) show(mount, ...given);
}

/** What a module of the second file brings; null, with a word about it, when it is not on the tablet yet. */
export async function asked(load) {
  try {
    return await load();
  } catch {
    toast(t("This part is not on the tablet yet. Connect once, then it works without a network too."));
    return null;
  }
}

/** Draws everything again: another language. */
export function redraw() {
  page.bar?.build();
  if (app.sheet) app.sheet.rebuild();
  else if (page.now) show(page.now.mount, ...page.now.given);
}

export const patchBar = () => page.bar?.patch();

let hiding = 0;

/** One sentence at the foot of the screen for a few seconds. */
export function toast(words) {
  clearTimeout(hiding);
  page.toast.textContent = words;
  page.toast.hidden = false;
  hiding = setTimeout(() => (page.toast.hidden = true), 6000);
}

// --- language and theme ---------------------------------------------------------------------------

export async function speak(code, remember = true) {
  await choose(code, root.dataset.words);
  if (remember) await store.saveMeta("language", code);
  document.title = t("Judging");
}

export async function firstWords() {
  const kept = await store.meta("language").catch(() => "");
  const code = LANGUAGES[kept] ? kept : wished();
  await speak(code, false).catch(() => speak("en", false));
}

export async function changeLanguage(code) {
  if (code === current()) return;
  await speak(code);
  redraw();
}

export async function firstTheme() {
  document.documentElement.dataset.theme = (await store.meta("theme").catch(() => "")) === "outdoor" ? "outdoor" : "day";
}

export async function changeTheme(theme) {
  document.documentElement.dataset.theme = theme;
  await store.saveMeta("theme", theme);
}
