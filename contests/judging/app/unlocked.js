// A judge is let in, works, and is locked out again: then nothing of him is left in the page.

import { app, patchBar, show, toast } from "./app.js";
import * as beat from "./beat.js";
import { closeDialogs } from "./dialog.js";
import { isShared } from "./device.js";
import { element } from "./shared/dom.js";
import { confirmPin } from "./faces/confirm.js";
import { chooser } from "./faces/contests.js";
import { trouble } from "./faces/trouble.js";
import { who } from "./faces/who.js";
import * as people from "./people.js";
import { mountSheet } from "./sheet/index.js";
import { Session } from "./session.js";
import * as store from "./store.js";
import { t } from "./words.js";

const IDLE = 5 * 60 * 1000;
const TAP = 500;
const run = { turn: 0, wished: "", idle: 0, touched: 0 };

/** The contest that the address named: the next judge who is in it lands there. */
export const wish = (contest) => (run.wished = contest);

/** After the right PIN, or on a personal device: to the sheet at once when it is clear which. */
export async function enter(person) {
  leave();
  run.turn += 1;
  const turn = run.turn;
  app.person = person;
  beat.state.judge = person.account;
  const contests = await people.contestsOf(person);
  const last = (await store.place(person.account))?.contest;
  const open = contests.filter((one) => one.state === "judging" && !one.ended);
  const found = contests.find((one) => one.id === run.wished)
    ?? open.find((one) => one.id === last) ?? (contests.length === 1 ? contests[0] : open.length === 1 ? open[0] : null);
  if (turn !== run.turn) return;
  if (found) await openContest(found.id);
  else showChooser();
}

export function showChooser() {
  closeSheet();
  show(chooser, app.person, openContest);
}

export async function openContest(contest) {
  closeSheet();
  run.turn += 1;
  const { turn } = run;
  const { account, label, leader } = app.person;
  show(opening);
  try {
    const session = await Session.open({ account, label, contest, leader });
    if (turn !== run.turn) return session.close();
    run.wished = "";
    return await mount(session);
  } catch (error) {
    if (turn !== run.turn) return undefined;
    return show(trouble, error, { again: () => openContest(contest), back: showChooser });
  }
}

const opening = (root) => root.append(element("main", {}, element("p.opening", { role: "status" }, t("Opening …"))));

async function mount(session) {
  const known = await store.people();
  app.session = session;
  show((root) => {
    app.sheet = mountSheet(root, session, { toast, confirmPin, people: known.filter((one) => one.here) });
    return { unmount: () => app.sheet?.unmount() };
  });
  session.changed = ({ rebuilt = false } = {}) => {
    if (app.session !== session) return;
    if (rebuilt) afterTap(() => app.session === session && app.sheet?.rebuild());
    else app.sheet?.patch();
    patchBar();
  };
  patchBar();
}

/** Never between finger down and finger up: the tap would be lost. */
function afterTap(act) {
  const rest = TAP - (Date.now() - run.touched);
  if (rest > 0 || document.querySelector("dialog[open]")) setTimeout(() => afterTap(act), Math.max(rest, 100));
  else act();
}

function closeSheet() {
  app.session?.close();
  app.sheet?.unmount();
  Object.assign(app, { session: null, sheet: null });
}

/** Takes everything of the judge out of the page. */
function leave() {
  run.turn += 1;
  closeDialogs();
  closeSheet();
  app.person = null;
  beat.state.judge = "";
}

/** Back to the question who is marking. */
export function lock() {
  leave();
  show(who, enter);
}

/** A shared tablet that nobody touches locks itself. */
export function watchIdle() {
  const touched = () => {
    run.touched = Date.now();
    clearTimeout(run.idle);
    run.idle = setTimeout(idle, IDLE);
  };
  for (const name of ["pointerdown", "pointerup", "keydown"]) addEventListener(name, touched, { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - run.touched > IDLE) idle();
  });
  touched();
}

function idle() {
  if (!isShared() || !app.person) return;
  lock();
  toast(t("Locked, because nobody has touched the tablet for five minutes."));
}
