// What is signed: the marks that the judge owes for one work, and what belongs to them.

import * as clock from "./clock.js";
import { APP } from "./tablet.js";

/** JSON with sorted keys, to compare by. */
export const plain = (value) => JSON.stringify(value, (_, each) => (each && typeof each === "object" && !Array.isArray(each)
  ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each));

/** The payload of a revision but for its place in the device's chain. `how`: confirmed, scribe, countersign, rid, swap. */
export function payload({ contest, rules, part, work, ids, base }, { marks, about }, how) {
  const only = (found) => Object.fromEntries(ids.filter((id) => found[id]).map((id) => [id, found[id]]));
  const { rid = crypto.randomUUID(), ...told } = { ...how, about: only(toldOf(about)) };
  return {
    rid, contest, module: part.module.id, code: work.code, attempt: work.attempt, round: work.round,
    judge: part.appointment, sheet: work.sheet, base, marks: only(marks), rules, at: clock.stamp(), app: APP,
    ...Object.fromEntries(Object.entries(told).filter(([, value]) => value && plain(value) !== "{}")),
  };
}

/** What is signed of it: a stop-watch that runs stays on the tablet. */
const toldOf = (about) => Object.fromEntries(Object.entries(about)
  .map(([id, { unsure, photos, file }]) => [id, { unsure, photos, file }]).filter(([, facts]) => isSomething(facts)));

export const isSomething = ({ unsure, photos, file, watch }) => unsure || photos?.length > 0 || file || watch;

/** Marks and what is said about them, of a payload. */
export const factsOf = ({ marks, about = {} }) => ({ marks, about });
