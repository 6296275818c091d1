// Cause of a pause, compensation with the entrant's word, and taking a stamp back.

import { button, element, say } from "../shared/dom.js";
import { t } from "../words.js";

const CAUSES = () => [t("Equipment failed"), t("Power cut"), t("Injury or illness"), t("Ordered by the referee"), t("Wrong material handed out")];
const MISTAKES = () => [t("Tapped for the wrong work"), t("Tapped too early"), t("Tapped too late"), t("Tapped twice")];
const MINUTES = [1, 2, 3, 5, 10];
const LONGEST = 200;

/** The chosen or typed reason; "" when it was closed without one. */
export const causeOfPause = (code) => ask(t("Why is {code} paused?", { code }), CAUSES(), t("Keep the cause"));

export async function takingBack(code, what) {
  return ask(t("Take back “{what}” of {code}?", { what, code }), MISTAKES(), t("Take it back"));
}

function ask(title, reasons, action) {
  return open(title, (finish) => {
    const field = element("input", { id: "reason", type: "text", maxlength: LONGEST, autocomplete: "off", oninput: () => (done.disabled = !field.value.trim()) });
    const done = button("main", { disabled: true, onclick: () => finish(field.value.trim()) }, action);
    return [
      element("div.reasons", {}, reasons.map((reason) => button("quiet", { onclick: () => finish(reason) }, reason))),
      element("label", { for: "reason" }, t("Or in your words")), field,
      element("div.answers", {}, button("quiet", { onclick: () => finish("") }, t("Later")), done),
    ];
  });
}

/** {seconds, reason, acknowledged} or null. */
export function compensation(code) {
  return open(t("Compensation for {code}", { code }), (finish) => {
    const state = { minutes: 0, reason: "" };
    const shown = element("output.minutes", { "aria-live": "polite" });
    const acknowledged = element("input", { id: "acknowledged", type: "checkbox", onchange: () => patch() });
    const field = element("input", { id: "reason", type: "text", maxlength: LONGEST, autocomplete: "off", oninput: () => set({ reason: field.value.trim() }) });
    const chosen = CAUSES().map((reason) => button("quiet", { "aria-pressed": "false", onclick: () => { field.value = reason; set({ reason }); } }, reason));
    const done = button("main", { onclick: () => finish({ seconds: state.minutes * 60, reason: state.reason, acknowledged: acknowledged.checked }) }, t("Give the time"));
    const less = button("quiet", { "aria-label": t("One minute less"), onclick: () => set({ minutes: Math.max(0, state.minutes - 1) }) }, "−");
    const more = button("quiet", { "aria-label": t("One minute more"), onclick: () => set({ minutes: Math.min(600, state.minutes + 1) }) }, "+");
    const set = (facts) => { Object.assign(state, facts); patch(); };
    function patch() {
      say(shown, t("{n} min", { n: state.minutes }));
      chosen.forEach((node) => node.setAttribute("aria-pressed", String(node.textContent === state.reason)));
      done.disabled = state.minutes === 0 || !state.reason;
    }
    patch();
    return [
      element("div.row", {}, less, shown, more),
      element("div.reasons.short", {}, MINUTES.map((n) => button("quiet", { onclick: () => set({ minutes: n }) }, t("{n} min", { n })))),
      element("h3", {}, t("Cause")), element("div.reasons", {}, chosen),
      element("label", { for: "reason" }, t("Or in your words")), field,
      element("p.tick", {}, acknowledged, element("label", { for: "acknowledged" }, t("The entrant has seen this and agrees"))),
      element("div.answers", {}, button("quiet", { onclick: () => finish(null) }, t("Back")), done),
    ];
  }, null);
}

/** Every stamp of a work; the answer is the one to take back, or null. */
export function stampsOf(code, stamps) {
  return open(t("Stamps of {code}", { code }), (finish) => [
    element("ul.stamps", {}, stamps.map((each) => element("li", { "data-cancelled": String(each.cancelled) },
      element("span", {}, each.words, each.cancelled ? ` · ${t("taken back")}` : each.sent ? "" : ` · ${t("not sent yet")}`),
      each.cancelled ? "" : button("quiet", { "aria-label": t("Take back {what}", { what: each.words }), onclick: () => finish(each) }, t("Take back"))))),
    stamps.length === 0 ? element("p", {}, t("No stamp yet.")) : "",
    element("div.answers", {}, button("main", { onclick: () => finish(null) }, t("Close"))),
  ], null);
}

export function sure(title, sentence, action) {
  return open(title, (finish) => [element("p", {}, sentence),
    element("div.answers", {}, button("quiet", { onclick: () => finish(false) }, t("Back")), button("main", { onclick: () => finish(true) }, action))], false);
}

function open(title, content, otherwise = "") {
  return new Promise((resolve) => {
    const box = element("dialog", { "aria-labelledby": "dialog-title" });
    const finish = (value) => {
      box.close();
      box.remove();
      resolve(value);
    };
    box.append(element("h2", { id: "dialog-title" }, title), ...content(finish).flat().filter(Boolean));
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(otherwise);
    });
    document.body.append(box);
    box.showModal();
  });
}
