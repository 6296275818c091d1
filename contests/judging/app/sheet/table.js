// The judge's own marks, entrants × aspects. A tap on one goes there; nobody else's are in it.

import { button, element } from "../shared/dom.js";
import { pick, t } from "../words.js";
import { dialog } from "./dialogs.js";
import { history } from "./history.js";
import { markWords } from "./reading.js";
import { stateOf } from "./states.js";

export async function table(session, { go }) {
  const { part } = session;
  const { aspects } = part.module;
  const head = element("tr", {}, element("th", { scope: "col" }, t("Entrant")),
    aspects.map((each) => element("th", { scope: "col", title: pick(each.title) }, each.id)),
    element("th", { scope: "col" }, t("State")));
  const chosen = await dialog(t("My marks"), [
    element("p", {}, t("Only your own marks. A tap goes to the mark.")),
    element("div.scroller", { tabindex: "0", role: "region", "aria-label": t("My marks") },
      element("table.marks", {}, element("thead", {}, head), element("tbody"))),
  ], [["main", t("Close"), null]], {
    className: ".wide",
    ready: (finish, box) => box.querySelector("tbody").append(
      ...part.codes.map((work) => row(session, work, aspects, finish))),
  });
  if (!chosen) return;
  if (chosen.history) return history(session, chosen.work);
  await go(part, chosen.work, chosen.aspect);
}

function row(session, work, aspects, finish) {
  const marks = session.marks(work);
  const owed = new Set(session.aspects(work).map((each) => each.id));
  const cells = aspects.map((aspect) => {
    if (!owed.has(aspect.id) && !marks[aspect.id]) return element("td", {}, "·");
    const words = marks[aspect.id] ? markWords(aspect, marks[aspect.id]) : "–";
    return element("td", {}, button("cell", {
      "aria-label": `${words}, ${work.code}, ${aspect.id} ${pick(aspect.title)}`,
      onclick: () => finish({ work, aspect: aspect.id }),
    }, words));
  });
  const how = stateOf(session, work);
  const versions = session.signedRow(work) != null;
  const state = versions
    ? button("cell.state", { "aria-label": `${how.words}, ${work.code}, ${t("History")}`, onclick: () => finish({ work, history: true }) },
      `${how.icon} ${how.words}`)
    : element("span", {}, `${how.icon} ${how.words}`);
  return element("tr", {}, element("th", { scope: "row" }, work.code), cells,
    element("td", { "data-tone": how.tone }, state));
}
