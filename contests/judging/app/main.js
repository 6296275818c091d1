// Opens the app: may it run here, which key has this browser, who is marking.

import { app, asked, begin, firstTheme, firstWords, show, showLater, toast } from "./app.js";
import { bar } from "./bar.js";
import * as beat from "./beat.js";
import { unfit } from "./browser.js";
import * as clock from "./clock.js";
import * as device from "./device.js";
import { closeDialogs } from "./dialog.js";
import { otherTab, takenOver } from "./faces/other_tab.js";
import { who } from "./faces/who.js";
import * as fitness from "./fitness_result.js";
import * as install from "./install.js";
import { hold } from "./lock.js";
import { listen } from "./notices.js";
import * as people from "./people.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { persist } from "./tablet.js";
import { enter, lock, showChooser, watchIdle, wish } from "./unlocked.js";
import { t } from "./words.js";

const BRIEF = 2500;
const part = async (load) => (await asked(load))?.();
const actions = {
  lock, chooser: showChooser, home, leave, cover, update, switchJudge: lock,
  delivery: () => part(async () => (await import("./faces/delivery.js")).delivery),
  messages: () => part(async () => (await import("./faces/messages.js")).messages),
  menu: () => part(async () => { const { menu } = await import("./faces/menu.js"); return () => menu(actions); }),
};
const start = async () => (await import("./faces/start.js")).start;

open().catch((error) => failed(error));

async function open() {
  await Promise.all([firstWords(), firstTheme()]);
  const instead = unfit();
  if (instead) return replaceApp((await import("./faces/elsewhere.js"))[instead]);
  begin(bar(actions));
  install.start();
  return (await hold(lost)) ? run() : show(otherTab, takeOver);
}

async function takeOver() {
  await hold(lost, { steal: true });
  store.forget();
  await run();
}

/** Another tab took over: this one must not write any more. */
function lost() {
  beat.stop();
  sync.stop();
  closeDialogs();
  app.session?.close();
  Object.assign(app, { session: null, sheet: null, person: null });
  show(takenOver);
}

async function run() {
  persist();
  await Promise.all([clock.start(), device.load(), fitness.recall()]);
  listen();
  watchIdle();
  addEventListener("hashchange", () => route().catch(failed));
  await route();
}

/** Where to begin, by the address and by what this browser is enrolled as. */
async function route() {
  const wished = new URLSearchParams(location.hash.slice(1));
  if (wished.get("contest")) wish(wished.get("contest"));
  const code = wished.get("enrol") ?? "";
  if (code) return showLater(start, enrolled, { code, login: false });
  if (device.isShared()) return enrolled();
  return personal();
}

async function personal() {
  const known = device.row();
  const found = await Promise.race([
    device.whoami().catch(() => null),
    ...(known ? [new Promise((done) => setTimeout(() => done(null), BRIEF))] : []),
  ]);
  if (found?.account) return own(found);
  if (known && found === null) return enrolled(); // no connection: what is kept is enough
  if (known) return loggedOut();
  const words = found === null ? t("There is no connection. Enrolling needs one, once.") : "";
  return showLater(start, enrolled, { words });
}

async function own(found) {
  try {
    await device.enrolPersonal(found);
  } catch (error) {
    if (error.name === "Offline" && device.row()) return enrolled();
    return showLater(start, enrolled, { words: error.detail || t("There is no connection. Enrolling needs one, once.") });
  }
  return enrolled();
}

/** What was marked stays and what was signed is sent, but nobody sees it before logging in. */
async function loggedOut() {
  beat.start();
  sync.start();
  showLater(start, enrolled, { words: t("You are logged out. What you marked is kept in this browser: log in to go on.") });
}

/** This browser has a key that the server knows. */
async function enrolled() {
  beat.start();
  sync.start();
  if (device.isShared()) return show(who, enter);
  const row = await people.owner();
  if (!row.seats?.length) await people.refresh().catch(() => {});
  else people.refresh().catch(() => {});
  return enter(await people.owner());
}

/** A face of the menu lies over the sheet: the judge comes back to it. */
function cover() {
  if (app.session) wish(app.session.contest);
  app.session?.close();
  Object.assign(app, { session: null, sheet: null });
}

function home() {
  if (app.person) return enter(app.person);
  if (device.isShared()) return show(who, enter);
  return route();
}

async function leave() {
  const { csrf } = (await device.whoami().catch(() => null)) ?? {};
  if (csrf) await fetch("/logout", { method: "POST", headers: { "X-CSRF-Token": csrf }, redirect: "manual" }).catch(() => {});
  await device.leave();
  location.assign("/judging/");
}

/** Takes the new version, unless something is open that is not signed yet. */
function update() {
  const typing = document.activeElement?.matches?.("input, textarea") && document.activeElement.value;
  const unsigned = app.session && (!app.session.saved || (app.session.work && app.session.dirty()));
  if (typing || unsigned) return toast(t("Sign or clear the open sheet first, then update."));
  return install.takeOver();
}

function replaceApp(mount) {
  const node = document.createElement("main");
  node.className = "face";
  document.querySelector("#app").replaceChildren(node);
  mount(node);
}

function failed(error) {
  const place = document.querySelector("#face") ?? document.querySelector("#app");
  const words = document.createElement("p");
  words.className = "notice";
  words.setAttribute("role", "alert");
  words.textContent = `${t("The app could not be opened. Load the page again.")} (${error?.message ?? error})`;
  place.replaceChildren(words);
}
