// Undo, redo, what is missing, and the button that signs: always at the same place.

import { button, element, say } from "../shared/dom.js";
import { t } from "../words.js";

const NAMED = 3;

export function foot(session, actions) {
  const saved = element("p.saved", { id: "saved" });
  const missing = button("quiet.owed", { id: "missing", hidden: true, onclick: () => jump() }, "");
  const worded = (id, icon, onclick) => {
    const words = element("span.words");
    return { node: button("quiet.iconed", { id, onclick }, element("span", { "aria-hidden": "true" }, icon), " ", words), words };
  };
  const undo = worded("undo", "↶", () => actions.undo());
  const redo = worded("redo", "↷", () => actions.redo());
  const table = worded("table", "▦", () => actions.table());
  const menu = worded("sheet-menu", "⋯", () => actions.menu());
  const sign = button("main.sign", { id: "sign", disabled: true, onclick: () => actions.sign() }, "");
  const node = element("footer.foot", {}, saved, missing,
    element("div.tools", {}, undo.node, redo.node, table.node, menu.node), sign);
  return { node, build, patch };

  function jump() {
    const ids = session.count(session.work).missing;
    const here = document.activeElement?.closest?.(".card")?.dataset.aspect;
    const next = ids[(ids.indexOf(here) + 1) % ids.length];
    actions.jump(next);
  }

  function build() {
    say(undo.words, t("Undo"));
    say(redo.words, t("Redo"));
    say(table.words, t("My marks"));
    say(menu.words, t("More actions"));
  }

  function patch() {
    const { work } = session;
    const { marked, owed, missing: ids } = work ? session.count(work) : { marked: 0, owed: 0, missing: [] };
    const locked = Boolean(work && session.locked(work));
    say(saved, session.saved ? `✓ ${t("On this tablet")}` : t("Saving …"));
    saved.dataset.tone = session.saved ? "good" : "busy";
    missing.hidden = locked || ids.length === 0 || marked === 0;
    const names = ids.slice(0, NAMED).join(" ");
    const more = ids.length > NAMED ? ` +${ids.length - NAMED}` : "";
    say(missing, t("Missing: {aspects}", { aspects: names + more }));
    undo.node.disabled = !actions.canUndo();
    redo.node.disabled = !session.canRedo();
    sign.disabled = !work || locked || marked < owed || !session.dirty(work);
    const words = work && session.signedRow(work) != null
      ? t("Sign the correction ({marked}/{owed})", { marked, owed })
      : t("Sign and submit ({marked}/{owed})", { marked, owed });
    say(sign, words);
  }
}

