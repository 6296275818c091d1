// The wrong sheet was open: before signing the marks move to another code by one action that can be
// undone; after it two sheets are swapped as one countersigned correction.

import { element } from "../shared/dom.js";
import { t } from "../words.js";
import { askLeader, askReason } from "./correcting.js";
import { dialog } from "./dialogs.js";
import { stateOf } from "./states.js";

const UNSIGNED = new Set(["open", "draft"]);
const SIGNED = new Set(["waiting", "sending", "signed"]);

export const movable = (session) =>
  Boolean(session.work) && session.state(session.work) === "draft" && !session.locked(session.work) && targets(session).length > 0;

const targets = (session) => session.part.codes.filter((work) =>
  work !== session.work && work.round === session.work.round && UNSIGNED.has(session.state(work)) && !session.locked(work));

export async function move(session, { tell, go, moved, patch }) {
  const { work, part } = session;
  const works = targets(session);
  const n = await chooseWork(session, t("Move all marks of {code} to …", { code: work.code }), works);
  if (n == null) return;
  const target = works[n];
  if (session.count(target).marked > 0) {
    const sure = await dialog(
      t("{code} has marks already. Exchange the two sheets?", { code: target.code }),
      element("p", {}, t("Undo brings both sheets back.")),
      [["main.confirm", t("Exchange"), true], ["quiet", t("Back"), null]]);
    if (!sure) return;
  }
  if (!(await session.moveMarks(target))) return;
  await go(part, target);
  moved(work);
  patch();
  tell(t("The marks of {code} stand at {target} now.", { code: work.code, target: target.code }), true);
}

export const swappable = (session) =>
  Boolean(session.work) && SIGNED.has(session.state(session.work)) && partners(session).length > 0;

const partners = (session) => session.part.codes.filter((work) =>
  work !== session.work && work.round === session.work.round && work.attempt === session.work.attempt
  && SIGNED.has(session.state(work)));

export async function swap(session, helpers) {
  const { work } = session;
  const works = partners(session);
  const n = await chooseWork(session, t("Swap the sheets {code} and …", { code: work.code }), works);
  if (n == null) return;
  const other = works[n];
  const title = t("Swap the sheets {code} and {other}", { code: work.code, other: other.code });
  const reason = await askReason(title, t("Every mark of the one becomes a mark of the other. The record keeps both."));
  if (!reason) return;
  const countersign = await askLeader(session, helpers, { reason, why: title });
  if (!countersign) return;
  await session.swap(work, other, { confirmed: "taps", scribe: "", countersign });
  helpers.patch();
  helpers.tell(t("The sheets {code} and {other} are swapped.", { code: work.code, other: other.code }), true);
}

function chooseWork(session, title, works) {
  return dialog(title, "", [
    ...works.map((work, n) => ["quiet.code-choice", `${work.code} ${stateOf(session, work).icon}`.trim(), n]),
    ["quiet", t("Back"), null],
  ], { className: ".codes-dialog" });
}
