// What this device knows: the trust bundle and the status lists, kept for hours without a network and made new
// whenever there is one. Everything is checked again when it is read back.

import { openBundle } from "./bundle.js";
import { behind, drift, latestOf } from "./clock.js";
import { Malformed } from "./encoding.js";
import { isOlder, openList, pathOf } from "./lists.js";
import { get, put } from "./store.js";

const PATIENCE = 8000;
const AT_ONCE = 4;
const MOST_LISTS = 2000;

/** problem: "" or why the newest bundle was refused. ahead: milliseconds that this clock is ahead of the server's. */
export const state = { trusted: null, pinned: null, delivered: null, online: navigator.onLine, problem: "", ahead: 0, latest: 0, refreshes: 0 };
const tokens = new Map();
const opened = new Map();
let running = null;

/** Reads what is kept. delivered: {origins, keys, root, n} that the app came with; the first ones stay until a bundle that
 * they signed names others. */
export async function start(delivered) {
  state.delivered = delivered;
  state.pinned = (await get("pinned")) ?? delivered;
  state.latest = (await get("latest")) ?? 0;
  for (const [name, token] of (await get("lists")) ?? []) tokens.set(name, token);
  const token = await get("bundle");
  if (token) state.trusted = await openBundle(token, state.pinned, {}, Date.now()).catch(() => null);
  await tick();
}

export const backwards = (now = Date.now()) => behind(now, state.latest);

/** Time passes: a clock that is set back later is noticed by it. */
export async function tick() {
  state.latest = Math.max(state.latest, Date.now());
  await put("latest", state.latest);
}

/** Everything anew, once at a time. Never throws: what can't be had stays as it was. */
export function refresh() {
  running ??= everything().finally(() => (running = null));
  return running;
}

async function everything() {
  try {
    const date = await refreshBundle();
    if (state.trusted) await refreshLists();
    if (state.trusted) await readClock(date);
  } catch {
    state.online = false;
  }
  state.refreshes += 1;
}

/** A refused one changes nothing: what is withdrawn is still learnt, by the keys that are known. */
async function refreshBundle() {
  const reply = await ask("/trust/bundle");
  if (!reply.ok) throw new Error(`bundle: ${reply.status}`);
  const token = await reply.text();
  state.online = true;
  await accept(token).catch((error) => {
    if (!(error instanceof Malformed)) throw error;
    state.problem = error.code;
  });
  return reply.headers.get("date");
}

async function accept(token) {
  const made = (await get("made")) ?? {};
  state.trusted = await openBundle(token, state.pinned, made, Date.now());
  state.problem = "";
  opened.clear();
  state.pinned = state.trusted.next;
  for (const circle of state.trusted.circles) made[circle.home] = circle.madeAt;
  await Promise.all([put("bundle", token), put("pinned", state.pinned), put("made", made)]);
}

/** Of every installation that is believed; one that can't be reached keeps what is known of it. */
async function refreshLists() {
  const wanted = (await Promise.all(state.trusted.circles.map(({ home }) => listed(home).catch(() => [])))).flat();
  while (wanted.length) await Promise.all(wanted.splice(0, AT_ONCE).map((place) => fetchList(place).catch(() => {})));
  const homes = state.trusted.circles.map(({ home }) => home);
  for (const name of tokens.keys()) if (!homes.includes(placeOf(name).home)) tokens.delete(name);
  await put("lists", [...tokens]);
}

async function listed(home) {
  const { lists } = await (await ask(`${baseOf(home)}/scan/lists.json`)).json();
  return lists.slice(0, MOST_LISTS).map(({ issuer, block }) => ({ home, issuer, block }));
}

/** An older list than the one at hand is not taken: it may be played again. */
async function fetchList(place) {
  const reply = await ask(baseOf(place.home) + pathOf(place.issuer, place.block));
  if (!reply.ok) return;
  const token = await reply.text();
  const list = await openList(token, state.trusted, place).catch(() => null);
  const before = await atHand(place);
  if (!list || (before && isOlder(list, before))) return;
  tokens.set(nameOf(place), token);
  opened.set(nameOf(place), list);
}

/** The list of a key's issuer, or null. With a network what is missing or too old is asked for first. */
export async function listOf(key, block) {
  const place = { home: key.home, issuer: key.issuer, block };
  const list = await atHand(place);
  if ((list && Date.now() < list.expiresAt) || !navigator.onLine) return list;
  await fetchList(place).then(() => put("lists", [...tokens]), () => {});
  return atHand(place);
}

async function atHand(place) {
  const name = nameOf(place);
  if (!opened.has(name) && tokens.has(name)) {
    opened.set(name, await openList(tokens.get(name), state.trusted, place).catch(() => null));
  }
  return opened.get(name) ?? null;
}

/** When the oldest of what is known of this installation was signed, and until when that is fresh; null without any
 * list. A verdict on another one's paper says its own age. */
export async function age() {
  if (!state.trusted) return null;
  const places = [...tokens.keys()].map(placeOf).filter(({ home }) => home === state.trusted.home);
  const lists = await Promise.all(places.map(atHand));
  const known = lists.filter(Boolean);
  if (!known.length) return null;
  const at = Math.min(state.trusted.madeAt, ...known.map((list) => list.issuedAt));
  const [until, end] = ["freshFor", "expiresAt"].map((member) =>
    Math.min(...known.map((list) => (member === "freshFor" ? at + list.freshFor : list.expiresAt))));
  return { at, freshUntil: until, end: Math.min(end, state.trusted.circles[0].expiresAt), lists: known.length };
}

async function readClock(date) {
  const now = Date.now();
  state.ahead = drift(now, date);
  const signed = [state.trusted.madeAt, ...[...opened.values()].filter(Boolean).map((list) => list.issuedAt)];
  state.latest = latestOf(now, state.latest, signed, Boolean(date) && state.ahead === 0);
  await put("latest", state.latest);
}

/** The app now names other keys than those that this device holds: somebody compared them and believes it. */
export async function believeDelivered() {
  Object.assign(state, { pinned: state.delivered, trusted: null, problem: "" });
  tokens.clear();
  opened.clear();
  await Promise.all([put("pinned", state.pinned), put("bundle", ""), put("lists", []), put("made", {})]);
  await refresh();
}

const nameOf = ({ home, issuer, block }) => JSON.stringify([home, issuer, block]);
const placeOf = (name) => {
  const [home, issuer, block] = JSON.parse(name);
  return { home, issuer, block };
};

/** This installation answers under whatever host the app was opened at. */
const baseOf = (home) => (home === state.trusted.home ? "" : home);

/** The browser asks whether its copy is still the newest (ETag); nothing else about this device is told. */
const ask = (address) =>
  fetch(address, { cache: "no-cache", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
