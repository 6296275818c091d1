// The taster's phone: log in with the paper code, then one dish at a time. The same key, drafts, outbox and
// receipts as a judge's own browser; nothing of another taster ever comes here.

import * as beat from "../beat.js";
import * as clock from "../clock.js";
import * as device from "../device.js";
import { element, say } from "../shared/dom.js";
import * as install from "../install.js";
import { hold } from "../lock.js";
import * as people from "../people.js";
import { Session } from "../session.js";
import * as store from "../store.js";
import * as sync from "../sync.js";
import { persist } from "../tablet.js";
import { choose, LANGUAGES, t, wished } from "../words.js";
import { dishes } from "./dishes.js";
import { login } from "./login.js";
import { applySize } from "./size.js";

const root = document.querySelector("#app");
const page = { session: null, face: null, again: null };

open().catch(failed);

async function open() {
  await Promise.all([firstWords(), applySize()]);
  install.start();
  if (await hold(lost)) await run();
  else show(elsewhere);
}

async function run() {
  persist();
  await Promise.all([clock.start(), device.load()]);
  addEventListener("hashchange", () => route().catch(failed));
  await route();
}

async function route() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) return show(login, { code, enter });
  if (device.isPersonal()) return work();
  const found = await device.whoami().catch(() => null);
  if (found?.account && (await isTaster(found))) return work();
  return show(login, { enter });
}

/** A log-in by link or by password is as good as the paper's code. */
async function isTaster(found) {
  await device.enrolPersonal(found).catch(() => {});
  if (!device.isPersonal()) return false;
  await people.refresh().catch(() => {});
  return (await seats()).length > 0;
}

/** Logs in with what the paper says. Throws what went wrong, in words. */
async function enter(code) {
  const { csrf = "" } = (await device.whoami().catch(() => null)) ?? {};
  const headers = csrf ? { "X-CSRF-Token": csrf } : {};
  const found = await device.ask("taste/session", { method: "POST", body: { code }, headers, credentials: "same-origin" });
  await device.enrolPersonal(found);
  history.replaceState(null, "", location.pathname);
  await people.refresh();
  return work();
}

async function seats() {
  const own = await people.owner();
  return (own?.seats ?? []).filter((seat) => seat.role === "taster");
}

async function work() {
  beat.start();
  sync.start();
  if ((await seats()).length === 0) await people.refresh().catch(() => {});
  else people.refresh().catch(() => {});
  const found = await seats();
  if (found.length === 0) return show(login, { enter, words: t("There are no dishes for you here. Enter the code of your paper.") });
  const own = await people.owner();
  beat.state.judge = own.account;
  page.session?.close();
  try {
    page.session = await Session.open({ account: own.account, label: own.label, contest: found[0].contest });
  } catch (error) {
    return show(notYet, { words: error.name === "Offline" ? t("There is no connection. Loading the dishes needs one, once.") : error.detail || error.message });
  }
  return show(dishes, page.session);
}

// --- faces ----------------------------------------------------------------------------------------

function show(face, ...given) {
  page.face?.close?.();
  page.again = () => show(face, ...given);
  document.title = t("Tasting");
  root.replaceChildren();
  page.face = face(root, ...given, { changeLanguage }) ?? null;
}

async function changeLanguage(code) {
  await choose(code, root.dataset.words);
  await store.saveMeta("language", code);
  page.again?.();
}

async function firstWords() {
  const kept = await store.meta("language").catch(() => "");
  const code = LANGUAGES[kept] ? kept : wished();
  await choose(code, root.dataset.words).catch(() => choose("en"));
}

function notYet(place, { words }) {
  place.append(element("main.narrow", {}, element("h1", {}, t("Tasting")), element("p.notice", { role: "status" }, words),
    element("button.main", { type: "button", onclick: () => route().catch(failed) }, t("Try again"))));
}

function elsewhere(place) {
  place.append(element("main.narrow", {}, element("h1", {}, t("Tasting")),
    element("p.notice", {}, t("This page is open in another tab already.")),
    element("button.main", { type: "button", onclick: takeOver }, t("Go on here"))));
}

async function takeOver() {
  await hold(lost, { steal: true });
  store.forget();
  await run();
}

function lost() {
  beat.stop();
  sync.stop();
  page.session?.close();
  page.session = null;
  show(elsewhere);
}

function failed(error) {
  const words = element("p.notice", { role: "alert" });
  say(words, `${t("The app could not be opened. Load the page again.")} (${error?.message ?? error})`);
  root.replaceChildren(words);
}
