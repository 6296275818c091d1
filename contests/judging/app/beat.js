// The tablet's pulse: every five seconds it tells how it is and hears what has changed. From this alone
// the screen says whether there is a connection.

import { api, isShared, row as device } from "./device.js";
import * as clock from "./clock.js";
import * as packs from "./packs.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { emit } from "./signals.js";
import { facts } from "./tablet.js";

const EVERY = 5000;
const HIDDEN = 30_000;
const STALE = 9000;
const GONE = 30_000;

export const state = {
  link: "offline", heard: 0, messages: [], serverApp: "", refused: "", refusal: "", judge: "", lost: 0,
};
const run = { timer: 0, watch: 0, running: null, stopped: true };

export function start() {
  run.stopped = false;
  run.watch = setInterval(watch, 500);
  for (const name of ["online", "offline", "pageshow", "focus"]) addEventListener(name, wake);
  document.addEventListener("visibilitychange", wake);
  return now();
}

export function stop() {
  run.stopped = true;
  clearTimeout(run.timer);
  clearInterval(run.watch);
  for (const name of ["online", "offline", "pageshow", "focus"]) removeEventListener(name, wake);
  document.removeEventListener("visibilitychange", wake);
}

const wake = () => document.hidden || now();

export function now() {
  clearTimeout(run.timer);
  if (run.stopped || !device()) return Promise.resolve();
  run.running ??= beat().finally(() => (run.running = null));
  return run.running;
}

async function beat() {
  const began = Date.now();
  try {
    const answer = await api("tablet/beat", { method: "POST", body: await told(), patience: 8000 });
    const first = state.link !== "online";
    Object.assign(state, { heard: Date.now(), serverApp: answer.app, refused: "", refusal: "" });
    link("online");
    await take(answer, began);
    if (first) sync.now();
  } catch (error) {
    failed(error);
  } finally {
    if (!run.stopped) run.timer = setTimeout(now, Math.max(500, (document.hidden ? HIDDEN : EVERY) - (Date.now() - began)));
  }
}

async function told() {
  const since = {};
  for (const row of await store.packs()) {
    since[row.contest] = Math.min(since[row.contest] ?? Infinity, row.length ?? 0);
  }
  return { ...(await facts()), judge: state.judge || null, since };
}

function failed(error) {
  if (error.name !== "Refused" && error.status === undefined) {
    link(Date.now() - state.heard > STALE ? "offline" : "stale");
    return;
  }
  // The server was reached and said no: the tablet is revoked, unknown, or its clock is far off.
  Object.assign(state, { heard: Date.now(), refused: error.slug, refusal: error.detail });
  link("online");
  emit("device");
}

/** Nothing heard for a while: a request that hangs must not look like a connection. */
function watch() {
  const silence = Date.now() - state.heard;
  if (state.link === "online" && silence > STALE) link("stale");
  else if (state.link === "stale" && silence > GONE) link("offline");
}

function link(found) {
  if (state.link === found) return;
  state.link = found;
  emit("link", found);
}

async function take(answer, asked) {
  await messages(answer.messages ?? []);
  for (const one of answer.states ?? []) await packs.merge(one);
  const { kid } = device();
  const lost = await sync.compare(kid, { seq: answer.chain?.seq ?? 0, gaps: answer.gaps ?? [], asked });
  if (lost > 0) {
    state.lost += lost;
    await packs.forgetLengths();
  }
  if (isShared()) await roster(answer);
  for (const one of answer.elsewhere ?? []) if (one.account === state.judge) emit("elsewhere", one);
}

/** Whether somebody is admitted here is the server's to say: after a restore it may have forgotten. */
async function roster(answer) {
  const named = new Set((answer.states ?? []).map((one) => one.account));
  const people = await store.people();
  if (people.some((one) => one.admitted && one.here && !named.has(one.account))) emit("admission");
}

async function messages(found) {
  const known = new Map(state.messages.map((one) => [one.id, one]));
  const fresh = found.filter((one) => !known.has(one.id));
  if (fresh.length === 0) return;
  state.messages = [...state.messages, ...fresh.map((one) => ({ ...one, read: false }))];
  emit("messages", fresh);
}

/** A message of the tablet itself, among those of the control room; `words()` says it in the language of the moment. */
export function note(words, tone) {
  state.messages = [...state.messages, {
    id: crypto.randomUUID(), get text() { return words(); }, tone, at: clock.stamp(), own: true, read: false,
  }];
  emit("messages", []);
}

export async function read(id) {
  const one = state.messages.find((each) => each.id === id);
  if (one) one.read = true;
  emit("messages", []);
  if (one?.own) return;
  await api(`tablet/messages/${id}/read`, { method: "POST" }).catch(() => {});
}

export const write = (text, contest) => api("tablet/messages", { method: "POST", body: { text, contest } });

/** When the server was last heard, on its own clock. */
export const lastHeard = () => (state.heard ? new Date(state.heard + clock.ahead()) : null);
