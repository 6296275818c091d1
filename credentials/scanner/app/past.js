// The history of this device. It is sent nowhere.

import { button, element } from "./shared/dom.js";
import { clearHistory, history, remember } from "./store.js";
import { told } from "./wording.js";
import { moment, shown, t } from "./words.js";

const SHOWN = 100;

export function past() {
  const list = element("ol");
  const summary = element("summary");
  const clear = button("quiet", { onclick: () => ask() });
  const dialog = element("dialog.ask", { "aria-labelledby": "ask-title" });
  const node = element("details.past", {}, summary, element("div", {}, list, clear), dialog);

  async function draw() {
    const entries = await history();
    summary.textContent = t("History on this device: {n}", { n: entries.length });
    clear.textContent = t("Clear the history");
    clear.hidden = entries.length === 0;
    list.replaceChildren(...entries.slice(0, SHOWN).map(line));
  }

  function ask() {
    dialog.replaceChildren(
      element("h2", { id: "ask-title" }, t("Clear the history?")),
      element("p", {}, t("What was scanned on this device is forgotten. It stands nowhere else.")),
      element("div.row", {},
        button("main", { onclick: () => clearHistory().then(draw).then(() => dialog.close()) }, t("Clear")),
        button("quiet", { onclick: () => dialog.close() }, t("Keep"))));
    dialog.showModal();
  }

  async function add(verdict) {
    const { state, code, aged, knownAt, read, place } = verdict;
    const { name = "", id = "" } = read?.printed ?? {};
    await remember({ at: Date.now(), state, code, aged, knownAt, name, id, host: place.shown ?? "" });
    await draw();
  }

  return { node, add, draw };
}

/** In the reader's language of now, whatever it was then. */
function line(entry) {
  const { tone, sign, word } = told(entry);
  const rest = [shown(entry.name), entry.id, shown(entry.host), moment(entry.at)].filter(Boolean).join(" · ");
  return element("li", { "data-tone": tone }, element("span.sign", { "aria-hidden": "true" }, sign), element("b", {}, word), ` ${rest}`);
}
