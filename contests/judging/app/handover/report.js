// What became of a hand-over, line by line, each with what to do about it.

import { element } from "../shared/dom.js";
import { t } from "../words.js";

/** A list for the report of `take`. */
export function reportNode(report) {
  const from = report.from ? element("h3", {}, report.from) : "";
  const lines = report.kind === "receipts" ? ofReceipts(report) : ofSheets(report);
  if (lines.length === 0) lines.push(t("There was nothing in it."));
  return element("div", {}, from, element("ul", {}, lines.map((line) => element("li", {}, line))));
}

/** When the disk is full or the browser refuses. */
export const notKept = (error) => t("This tablet could not keep the sheets ({reason}). Make room on it and try once more.",
  { reason: error?.message ?? "" });

function ofSheets({ taken, known, own, damaged, photos, spoilt }) {
  return [
    taken && t("Sheets taken: {n}. This tablet sends them as soon as it has a connection.", { n: taken }),
    known && t("Sheets that were here already: {n}", { n: known }),
    own && t("Sheets that this tablet signed itself: {n}. It sends them anyway.", { n: own }),
    damaged && t("Damaged and not taken: {n}. They are still on the other tablet: show them again, or save them as a file there.", { n: damaged }),
    photos && t("Photos and files taken along: {n}", { n: photos }),
    spoilt && t("Photos that are not what their sheet was signed with, and not taken: {n}. They are still on the other tablet.", { n: spoilt }),
  ].filter(Boolean);
}

function ofReceipts({ taken, known, foreign, damaged }) {
  return [
    taken && t("Receipts taken: {n}. These sheets are stored.", { n: taken }),
    known && t("Receipts that were here already: {n}", { n: known }),
    foreign && t("Receipts of sheets that are not on this tablet: {n}. Show them to the tablet that signed.", { n: foreign }),
    damaged && t("Without the server's signature and not believed: {n}. The sheets keep waiting; nothing is lost.", { n: damaged }),
  ].filter(Boolean);
}
