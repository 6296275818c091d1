// What is needed seldom: moving marks, swapping sheets, the history of a sheet.

import { t } from "../words.js";
import { dialog } from "./dialogs.js";
import { history } from "./history.js";
import { movable, move, swap, swappable } from "./moving.js";

/** helpers: {tell, toast, confirmPin, people, go, table, patch} */
export async function menu(session, helpers) {
  const { work } = session;
  const code = work?.code ?? "";
  const offered = [
    movable(session) && [t("Move all marks of {code} to …", { code }), () => move(session, helpers)],
    swappable(session) && [t("Swap the sheets {code} and …", { code }), () => swap(session, helpers)],
    work && session.signedRow(work) != null && [t("History of sheet {code}", { code }), () => history(session, work)],
    [t("My marks"), () => helpers.table()],
  ].filter(Boolean);
  const n = await dialog(t("More actions"), "", [
    ...offered.map(([words], i) => ["quiet.line", words, i]), ["quiet", t("Close"), null],
  ], { className: ".menu" });
  if (n != null) await offered[n][1]();
}
