// The entrants by their codes, in the order drawn, with the state of each; the modules above them.

import { button, element, say } from "../shared/dom.js";
import { pick, t } from "../words.js";
import { stateOf } from "./states.js";

const DONE = new Set(["waiting", "sending", "signed"]);

export function list(session, actions) {
  const modules = element("div.modules", { hidden: true });
  const progress = element("p.progress", { id: "progress" });
  const codes = element("ol.codes", { id: "codes" });
  const view = { part: null, language: "", rows: [] };
  return { node: element("div.list", {}, modules, progress, codes), build, patch };

  function build() {
    const parts = session.parts();
    modules.hidden = parts.length < 2;
    modules.replaceChildren(...parts.map((part) => button("module", {
      "aria-pressed": String(part === session.part), onclick: () => actions.open(part, null),
    }, element("b", {}, part.module.id), " ", pick(part.module.title))));
    view.rows = (session.part?.codes ?? []).map(row);
    codes.replaceChildren(...view.rows.map(({ node }) => element("li", {}, node)));
    patch();
    const current = view.rows.find(({ work }) => isOpen(work));
    current?.node.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function isOpen(work) {
    return work.sheet === session.work?.sheet;
  }

  function row(work) {
    const icon = element("span.icon", { "aria-hidden": "true" });
    const words = element("span.unseen");
    const count = element("span.count");
    const node = button("work", { onclick: () => actions.open(session.part, work) },
      element("b", {}, work.code),
      work.trial ? element("span.trial", {}, t("Trial")) : "",
      work.attempt > 1 ? element("small", {}, t("attempt {n}", { n: work.attempt })) : "",
      count, element("span.state", {}, icon, words));
    return { work, node, icon, words, count };
  }

  /** At every tap: only rows that have changed are touched, a tablet may hold five hundred. */
  function patch() {
    // The pack may have been read anew without anything that is drawn having changed.
    view.rows.forEach((row, n) => (row.work = session.part?.codes[n]?.sheet === row.work.sheet ? session.part.codes[n] : row.work));
    const states = view.rows.map(({ work }) => session.state(work));
    const counted = view.rows.map(({ work }, n) => !work.trial && states[n]).filter(Boolean);
    say(progress, t("Signed {done} of {all}", { done: counted.filter((state) => DONE.has(state)).length, all: counted.length }));
    view.rows.forEach((row, n) => show(row, states[n]));
  }

  function show(row, state) {
    const { work, node, icon, words, count } = row;
    const { marked, owed } = state === "draft" ? session.count(work) : {};
    const shown = [state, isOpen(work), marked].join();
    if (row.shown === shown) return;
    row.shown = shown;
    const how = stateOf(session, work);
    node.setAttribute("aria-current", String(isOpen(work)));
    node.dataset.state = state;
    node.dataset.tone = how.tone;
    say(icon, how.icon);
    say(words, `, ${how.words}`);
    say(count, marked < owed ? `${marked}/${owed}` : "");
  }
}
