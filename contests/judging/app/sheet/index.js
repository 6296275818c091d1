// The sheet below the top bar: the entrants, the aspects of the one that is open, and the way to sign.
//
// Built anew only when the judge goes somewhere else; whatever happens in the background patches words
// in place, and nothing is announced then.

import { element, say } from "../shared/dom.js";
import * as clock from "../clock.js";
import { t } from "../words.js";
import { card } from "./card.js";
import { foot } from "./foot.js";
import { head } from "./head.js";
import { list } from "./list.js";
import { sign } from "./signing.js";
import { loaded } from "./worth.js";

/** {patch(), rebuild(), unmount()}; helpers: {toast(words), confirmPin(account, why), people}. */
export function mountSheet(root, session, helpers) {
  const told = element("p.unseen", { role: "status" });
  const sheet = element("main.sheet", { id: "sheet", tabindex: "-1" });
  const view = { cards: new Map(), rounds: [], moved: null };
  const surroundings = { now: () => clock.now(), tell };
  const actions = {
    open, undo, redo, jump, tell,
    canUndo: () => session.canUndo() || Boolean(moved()),
    sign: () => sign(session, { ...helpers, tell, go: open }),
    correct: async () => (await import("./correcting.js")).correct(session, { ...helpers, tell }).then(patch),
    table: async () => (await import("./table.js")).table(session, { go: open, jump }),
    menu: async () => (await import("./menu.js")).menu(session, { ...helpers, tell, go: open, table: actions.table, patch, moved: noteMove }),
  };
  const parts = { head: head(session, actions), list: list(session, actions), foot: foot(session, actions) };
  const page = element("div.judging-sheet", {},
    element("nav.side", {}, parts.head.node, parts.list.node), sheet, parts.foot.node, told);
  root.replaceChildren(page);
  build();
  loaded.then(() => patch());

  /** Says a deliberate result aloud; `seen` shows it too. Nothing else here is a live region. */
  function tell(words, seen = false) {
    if (seen) return helpers.toast(words);
    told.textContent = "";
    return requestAnimationFrame(() => say(told, words));
  }

  async function open(part, work, aspect = null) {
    await session.open(part, work);
    build();
    if (aspect) jump(aspect);
    else {
      sheet.scrollTo(0, 0);
      parts.head.focus();
    }
  }

  function noteMove(from) {
    view.moved = { from, to: session.work, marks: JSON.stringify(session.marks()) };
  }

  function jump(aspect) {
    view.cards.get(aspect)?.focus();
  }

  /** The move of all marks to another code is a step like any other, as long as nothing came after. */
  function moved() {
    const { moved: last } = view;
    return last && session.work === last.to && JSON.stringify(session.marks()) === last.marks ? last : null;
  }

  async function undo() {
    const last = moved();
    view.moved = null;
    if (last) {
      await session.moveMarks(last.from);
      build();
    } else await session.undo();
    tell(t("Undone."));
  }

  async function redo() {
    await session.redo();
    tell(t("Done again."));
  }

  function build() {
    view.cards.clear();
    page.querySelector(".side").setAttribute("aria-label", t("Entrants"));
    parts.list.build();
    parts.foot.build();
    if (session.work) {
      for (const aspect of session.aspects()) view.cards.set(aspect.id, card(session, aspect, surroundings));
      sheet.replaceChildren(element("fieldset.cards", {}, element("legend.unseen", {}, t("Marks")),
        [...view.cards.values()].map((each) => each.node)));
    } else {
      sheet.replaceChildren(element("p.empty", {}, t("No works to mark here yet.")));
    }
    view.rounds = [];
    readRounds();
    patch();
  }

  /** The marks of the earlier round; the colleagues' come from the server, when it shows them. */
  async function readRounds() {
    const { work } = session;
    if (!work || work.round < 2) return;
    const rounds = await session.rounds(work);
    if (session.work !== work) return;
    view.rounds = rounds.filter(({ round }) => round < work.round);
    patch();
  }

  function patch() {
    if (!root.contains(page)) return;
    parts.head.patch();
    parts.list.patch();
    parts.foot.patch();
    if (!session.work) return;
    const locked = Boolean(session.locked(session.work));
    const cards = sheet.querySelector(".cards");
    if (cards && cards.disabled !== locked) cards.disabled = locked;
    for (const each of view.cards.values()) each.update(view.rounds);
  }

  return {
    patch,
    rebuild: build,
    unmount() {
      root.replaceChildren();
    },
  };
}
