// Every signed version of one sheet on this tablet: when, what changed, who countersigned, the receipt.

import { element } from "../shared/dom.js";
import { current, pick, t } from "../words.js";
import { payloadOf } from "../sign.js";
import { dialog, rowsTable } from "./dialogs.js";
import { markWords } from "./reading.js";

export async function history(session, work) {
  const versions = session.history(work).map((row) => ({ ...row, ...payloadOf(row.jws) }));
  const aspects = session.part.module.aspects;
  const group = element("div");
  groupMarks(session, work, group);
  await dialog(t("History of sheet {code}", { code: work.code }),
    [...versions.map((version, n) => one(aspects, version, versions[n - 1], n + 1)).toReversed(), group],
    [["main", t("Close"), null]], { className: ".wide" });
}

/** The colleagues' marks, as soon as the server shows them: when all of them are in. */
async function groupMarks(session, work, place) {
  for (const { round, group } of await session.rounds(work)) {
    if (!group) continue;
    const { aspects } = session.part.module;
    place.append(element("h3", {}, t("The group's marks, round {n}", { n: round })), element("div.scroller", {
      tabindex: "0", role: "region", "aria-label": t("The group's marks, round {n}", { n: round }),
    }, element("table.marks", {},
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, t("Seat")),
        aspects.map((each) => element("th", { scope: "col" }, each.id)))),
      element("tbody", {}, group.map(({ seat, marks }) => element("tr", {}, element("th", { scope: "row" }, seat),
        aspects.map((each) => element("td", {}, marks[each.id] ? markWords(each, marks[each.id]) : "·"))))))));
  }
}

function one(aspects, version, before, n) {
  const rows = aspects.filter((each) => version.marks[each.id] && differs(version, before, each.id)).map((each) => [
    `${each.id} ${pick(each.title)}`,
    before?.marks[each.id]
      ? `${markWords(each, before.marks[each.id])} → ${markWords(each, version.marks[each.id])}`
      : markWords(each, version.marks[each.id]),
  ]);
  const at = new Date(version.at).toLocaleString(current());
  const facts = [
    version.log_seq ? t("No. {n} in the record", { n: version.log_seq }) : t("not in the record yet"),
    version.countersign ? t("countersigned: {reason}", { reason: version.countersign.reason }) : "",
    version.scribe ? t("tapped by a scribe, confirmed by PIN") : "", version.words ?? "",
  ].filter(Boolean);
  return element("section.version", {},
    element("h3", {}, t("Version {n}, {time}", { n, time: at })), element("p", {}, facts.join(" · ")),
    rows.length ? rowsTable(rows) : element("p", {}, t("No mark changed.")),
    version.receipt ? element("details", {}, element("summary", {}, t("Receipt")),
      element("p.mono", {}, version.receipt)) : "");
}

const differs = (version, before, id) =>
  JSON.stringify(version.marks[id]) !== JSON.stringify(before?.marks[id]);
