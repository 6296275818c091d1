// After the rules' moment of locking: a correction, with a reason, that a leader countersigns by PIN on
// this tablet once he has seen what changes.

import { element, say } from "../shared/dom.js";
import { t } from "../words.js";
import { dialog } from "./dialogs.js";
import { lockedWords } from "./states.js";

/** Why each sheet is corrected, by its slot; asked anew after a reload, as the sheet is locked then. */
const reasons = new Map();
const LEADING = new Set(["group_leader", "chief_referee"]);

/** Opens the sheet for a correction, once the judge has said why. */
export async function correct(session, { tell }) {
  const { work } = session;
  const reason = await askReason(t("Correct sheet {code}", { code: work.code }), lockedWords(session.locked(work)));
  if (!reason) return;
  reasons.set(session.slot(work), reason);
  session.unlock(work);
  tell(t("Change the marks, then sign the correction with a leader."), true);
}

/** The leader looks at the summary and types his PIN. {judge, reason} or null. */
export async function countersigned(session, helpers, work) {
  const reason = reasons.get(session.slot(work)) ?? "";
  return askLeader(session, helpers, { reason, why: t("Correct sheet {code}", { code: work.code }) });
}

/** Asks a leader of this contest for his PIN; answers {judge: his appointment, reason}, or null. */
export async function askLeader(session, { people, confirmPin, tell }, { reason, why }) {
  const leaders = leadersOf(session, people);
  if (leaders.length === 0) {
    tell(t("No leader of this contest has signed in on this tablet. Ask one to sign in here first."), true);
    return null;
  }
  const choice = element("select", { id: "leader" },
    leaders.map(({ label, seat }) => element("option", { value: seat.appointment }, label)));
  const agreed = await dialog(t("A leader's countersignature"), [
    element("p", {}, why), element("p", {}, `${t("Reason")}: ${reason}`),
    element("p.who", {}, element("label", { for: "leader" }, t("Leader")), " ", choice),
  ], [["main.confirm", t("Countersign by PIN"), true], ["quiet", t("Back"), null]]);
  if (!agreed) return null;
  const leader = leaders.find(({ seat }) => seat.appointment === choice.value);
  return (await confirmPin(leader.account, why)) ? { judge: leader.seat.appointment, reason } : null;
}

/** Who may countersign here: leads this contest and has a PIN on this tablet. */
function leadersOf(session, people) {
  return people.filter((each) => each.pin && each.account !== session.account).flatMap((each) => {
    const seat = (each.seats ?? []).find((one) => one.contest === session.pack.contest.id && LEADING.has(one.role));
    return seat ? [{ account: each.account, label: each.label, seat }] : [];
  });
}

/** A reason in the judge's words; "" when it was not given. */
export async function askReason(title, words) {
  const field = element("input.note", { type: "text", id: "reason", maxlength: 200, autocomplete: "off", required: true });
  const wrong = element("p.hint", { role: "alert" });
  for (;;) {
    const yes = await dialog(title, [
      words ? element("p", {}, words) : "",
      element("p.who", {}, element("label", { for: "reason" }, t("Reason")), " ", field), wrong,
    ], [["main.confirm", t("Go on"), true], ["quiet", t("Back"), null]]);
    if (!yes) return "";
    if (field.value.trim()) return field.value.trim();
    say(wrong, t("Write the reason first: it stands in the record."));
  }
}
