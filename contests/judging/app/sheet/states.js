// The states of a sheet in words, icon and colour: on this tablet, sending, stored, needs attention.

import { current, t } from "../words.js";

const STATES = {
  open: () => ["", t("not marked"), "none"],
  draft: () => ["✎", t("On this tablet, not signed"), "here"],
  waiting: () => ["⌂", t("Signed, on this tablet"), "here"],
  sending: () => ["↑", t("Sending"), "sending"],
  signed: () => ["✓", t("Stored"), "stored"],
  conflict: () => ["!", t("Needs attention"), "attention"],
  refused: () => ["!", t("Needs attention"), "attention"],
  again: () => ["↻", t("Mark again"), "attention"],
};

/** {icon, words, tone} */
export function stateOf(session, work) {
  const [icon, words, tone] = (STATES[session.state(work)] ?? STATES.open)();
  return { icon, words, tone };
}

/** With the time where it is stored, and with the sentence where something is wrong. */
export function stateSentence(session, work) {
  const { icon, words, tone } = stateOf(session, work);
  const { at, words: reason } = session.delivery(work);
  if (tone === "stored" && at) return { icon, tone, text: t("Stored at {time}", { time: timeOf(at) }) };
  if (session.state(work) === "again") {
    return { icon, tone, text: t("The marks lie too far apart: mark these aspects again.") };
  }
  return { icon, tone, text: tone === "attention" && reason ? reason : words };
}

export const timeOf = (at) =>
  new Date(at).toLocaleTimeString(current(), { hour: "2-digit", minute: "2-digit" });

const LOCKED = {
  closed: () => t("Judging is not open: marks can be read only."),
  ended: () => t("Marking has ended: marks can be read only."),
  entry: () => t("Locked because it is signed. A correction needs a leader's PIN."),
  round: () => t("Locked because the whole group has signed. A correction needs a leader's PIN."),
};

export const lockedWords = (why) => LOCKED[why]?.() ?? "";

/** Whether a leader's countersignature opens it. */
export const correctable = (why) => ["entry", "round"].includes(why);
