// Who may mark on this tablet, and letting one of them in.

import { api, isShared, row as device } from "./device.js";
import * as packs from "./packs.js";
import * as pins from "./pins.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { emit } from "./signals.js";
import { later, t } from "./words.js";

const MARKS = new Set(["judge", "group_leader", "chief_referee"]);
/** Who leads has no numbered seat: the role stands in its place. */
const ROLES = { group_leader: later("group leader"), chief_referee: later("chief referee"), clerk: later("clerk") };

/** Reads again who is appointed and which contests there are. Throws `Offline` or `Refused`. */
export async function refresh() {
  const { contests, people } = await api("tablet/roster");
  await store.saveMeta("contests", contests);
  await store.savePeople(people);
  await pins.compare();
  emit("people");
}

export const contests = async () => (await store.meta("contests")) ?? [];

/** Those who may sign in here, by seat. */
export async function judges() {
  const all = (await store.people()).filter((one) => one.here && one.seats?.some((seat) => MARKS.has(seat.role)));
  return all.sort((a, b) => seatOf(a).localeCompare(seatOf(b), "en", { numeric: true }) || a.label.localeCompare(b.label));
}

export const seatOf = (person) => seatWords(person.seats ?? []);

export const seatWords = (seats) => [...new Set(seats.map(({ seat }) => (ROLES[seat] ? t(ROLES[seat]) : seat)).filter(Boolean))].join(" · ");

/** The contests of one person, those that are being marked first. */
export async function contestsOf(person) {
  const theirs = new Set(person.seats?.map((seat) => seat.contest));
  const found = (await contests()).filter((contest) => theirs.has(contest.id));
  const rank = ({ state, ended }) => (state === "judging" ? (ended ? 1 : 0) : 2);
  return found.sort((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code));
}

/** {in: true} or why not: {wait}, {offline}, {slug, detail, left}. `fresh`: the new PIN in place of a first one. */
export async function unlock(person, pin, fresh = "") {
  const known = fresh ? { right: false } : await pins.check(person.account, pin);
  if (known.wait) return { wait: known.wait };
  if (known.right && person.admitted) {
    confirm(person, pin);
    return { in: true };
  }
  const answer = await admit(person, pin, fresh);
  return answer.offline && known.known && !known.right ? { slug: "pin-wrong", left: known.left } : answer;
}

async function admit(person, pin, fresh) {
  try {
    const body = { account: person.account, pin, ...(fresh ? { new_pin: fresh } : {}) };
    const answer = await api("tablet/judges", { method: "POST", body });
    await pins.remember(person.account, fresh || pin);
    await store.updatePerson(person.account, { admitted: true, has_pin: true, label: answer.label, leader: answer.leader });
    await sync.retry((row) => row.account === person.account);
    emit("people");
    return { in: true };
  } catch (error) {
    if (error.name === "Offline") return { offline: true };
    if (error.status === undefined) throw error;
    const detail = error.findings.length ? error.findings.map((one) => one.detail).join(" ") : error.detail;
    return { slug: error.slug, detail };
  }
}

/** The PIN was right here; whether it still is, the server says when it can be reached. */
async function confirm(person, pin) {
  const answer = await admit(person, pin, "");
  if (!["pin-wrong", "pin-must-change", "pin-not-set", "pin-locked"].includes(answer.slug)) return;
  await pins.forget(person.account);
  emit("expelled", { account: person.account, detail: answer.detail });
}

/** Whether this is the PIN of `account`: here, else asked at the server. Throws `Offline`, `Refused`. */
export async function isPinOf(account, pin) {
  const known = await pins.check(account, pin);
  if (known.right) return true;
  if (known.known) return false;
  await api("tablet/pins/check", { method: "POST", body: { account, pin } });
  return true;
}

/** Fetches what somebody marks, contest by contest; those that have not begun are left out. */
export async function fetchPacks(person) {
  for (const contest of new Set(person.seats?.map((seat) => seat.contest))) {
    await packs.refresh(contest, person.account).catch((error) => {
      if (error.name === "Offline") throw error;
    });
  }
}

/** The one person of a personal device. */
export async function owner() {
  if (isShared() || !device()) return null;
  return (await store.person(device().account)) ?? { account: device().account, label: device().label, seats: [] };
}
