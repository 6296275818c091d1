// What happens in the background and has to be said: in the bar, as a message, never over the sheet.

import { app, patchBar, toast } from "./app.js";
import * as beat from "./beat.js";
import * as device from "./device.js";
import { dialog } from "./dialog.js";
import { element } from "./shared/dom.js";
import * as install from "./install.js";
import * as people from "./people.js";
import * as pins from "./pins.js";
import { on } from "./signals.js";
import * as store from "./store.js";
import { freeMegabytes, isInstalled, isPersisted } from "./tablet.js";
import { lock } from "./unlocked.js";
import { t } from "./words.js";

const LOW_MB = 50;
const SETTLE = 4000;
const told = new Set();

export function listen() {
  for (const name of ["link", "outbox", "heads", "messages", "update", "people", "device"]) on(name, patchBar);
  on("messages", (fresh) => fresh?.length && toast(fresh.at(-1).text));
  on("restored", (n) => note("restored", () => t("The server was restored from an older copy. {n} sheets of this tablet are sent again.", { n })));
  on("admission", () => admission());
  on("elsewhere", (one) => note(`elsewhere-${one.account}-${one.kid}`, () => t("You are signed in on another tablet too: {label}. If both change one sheet, your group leader decides.", { label: one.label })));
  on("expelled", ({ account, detail }) => {
    if (app.person?.account === account) lock();
    toast(detail);
  });
  on("unsaved", unsaved);
  on("link", newVersion);
  setTimeout(storage, SETTLE);
}

/** A message of the tablet itself, once. */
function note(key, words, tone = "warn") {
  if (told.has(key) && key !== "restored") return;
  told.add(key);
  beat.note(words, tone);
}

async function storage() {
  if (!isPersisted() && !isInstalled() && device.isShared()) {
    note("persist", () => t("This browser does not promise to keep what is stored. Put the app on the home screen before judging."));
  }
  const free = await freeMegabytes();
  if (free !== null && free < LOW_MB) note("space", () => t("This tablet is nearly full: {n} MB are left. Delete something before you go on.", { n: free }), "bad");
}

/** The disk did not take it: the only moment at which going on would lose marks. */
async function unsaved(error) {
  if (told.has("unsaved")) return;
  told.add("unsaved");
  const again = await dialog(t("Not saved"), [
    element("p", {}, t("The last tap could not be written to this tablet. Load the app again and look at the sheet before you go on.")),
    element("p.mono", {}, String(error?.message ?? error)),
  ], [["quiet", t("Back"), false], ["main", t("Load again"), true]]);
  told.delete("unsaved");
  if (again) location.reload();
}

/** After a restore the server may have forgotten who signed in here: the PIN is asked for again. */
async function admission() {
  const states = new Set();
  try {
    await people.refresh();
  } catch {
    return;
  }
  for (const person of await store.people()) {
    if (person.here && person.pin && !person.admitted) states.add(person.account);
  }
  if (states.size === 0) return;
  for (const account of states) await pins.forget(account);
  if (app.person && states.has(app.person.account)) {
    lock();
    toast(t("The server asks for your PIN again. What you marked is kept."));
  }
}

function newVersion() {
  if (beat.state.serverApp) install.look();
}
