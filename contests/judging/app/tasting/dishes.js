// One dish at a time: its code, the mark, "confirm", the next one. Back and forth until marking ends.

import { button, element, say } from "../shared/dom.js";
import * as clock from "../clock.js";
import { control } from "../sheet/controls/index.js";
import { markWords } from "../sheet/reading.js";
import { pick, t } from "../words.js";
import { settings } from "./settings.js";

const STATES = {
  open: () => [t("not marked"), "○"],
  again: () => [t("not marked"), "○"],
  draft: () => [t("not confirmed yet"), "…"],
  waiting: () => [t("confirmed, not sent yet"), "↑"],
  sending: () => [t("sending"), "↑"],
  signed: () => [t("confirmed and stored"), "✓"],
  conflict: () => [t("Two marks of yours are on record. The clerks' desk decides."), "!"],
  refused: () => [t("not accepted"), "!"],
};

export function dishes(root, session, page) {
  const view = { controls: new Map(), busy: false };
  session.changed = ({ rebuilt = false } = {}) => (rebuilt ? build() : patch());
  build();
  return { close: () => (session.changed = () => {}) };

  function build() {
    const { part, work } = session;
    view.link = element("span.pill", { role: "status" });
    view.progress = element("p.progress");
    view.state = element("p.state", { role: "status" });
    view.told = element("p.unseen", { role: "status" });
    view.confirm = button("main.big", { id: "confirm", onclick: confirm });
    view.previous = button("quiet.step", { id: "previous", onclick: () => go(-1) }, `‹ ${t("Back")}`);
    view.next = button("quiet.step", { id: "next", onclick: () => go(1) }, `${t("Next")} ›`);
    view.controls.clear();
    const fields = work ? session.aspects().map(aspectField) : [];
    const several = session.parts().length > 1;
    root.replaceChildren(
      settings(page, element("p.who", {}, element("b", {}, session.seat()), " ", session.title()), view.link),
      element("main.dish", { id: "dish", tabindex: "-1" },
        view.progress,
        work ? element("h1.code", {}, element("span.unseen", {}, `${t("Dish")} `), work.code) : element("p.notice", {}, t("No dishes to taste here yet.")),
        work?.trial ? element("p.part", {}, t("Trial: not counted")) : "",
        several ? element("p.part", {}, pick(part.module.title)) : "",
        fields, view.state, view.told),
      element("footer.do", {}, view.previous, view.confirm, view.next));
    patch();
  }

  function aspectField(aspect) {
    const mark = () => session.marks()[aspect.id] ?? null;
    const about = () => session.about(aspect.id) ?? {};
    const own = control({
      aspect, session, mark, about, setAbout: (facts) => session.setAbout(aspect.id, { ...about(), ...facts }),
      give: (given) => session.mark(aspect.id, given), tell: (words) => say(view.told, words), now: () => clock.now(),
    });
    const id = `aspect-${aspect.id}`;
    const value = element("output.value-now", { for: id });
    view.controls.set(aspect, { own, value, mark });
    return element("section.card", { role: "group", "aria-labelledby": id, "data-aspect": aspect.id, "data-widget": aspect.widget },
      element("h2", { id }, pick(aspect.title), " ", element("small.range", {}, aspect.range)),
      value, element("div.row", {}, own.node, own.aside ?? ""));
  }

  function patch() {
    const { work } = session;
    const works = everything();
    const done = works.filter((each) => ["signed", "waiting", "sending"].includes(session.state(each.work))).length;
    const at = works.findIndex((each) => each.work === work);
    say(view.progress, work ? t("Dish {n} of {all} · {done} confirmed", { n: at + 1, all: works.length, done }) : "");
    const online = session.link === "online";
    say(view.link, session.waiting > 0 ? `↑ ${t("{n} to send", { n: session.waiting })}` : online ? `● ${t("Connected")}` : `○ ${t("No connection")}`);
    view.link.dataset.tone = online && session.waiting === 0 ? "good" : "warn";
    for (const [aspect, { own, value, mark }] of view.controls) {
      own.update(mark());
      say(value, mark() ? markWords(aspect, mark()) : t("unmarked"));
      value.classList.toggle("empty", !mark());
    }
    patchState(work);
    view.previous.disabled = at <= 0;
    view.next.disabled = at < 0 || at >= works.length - 1;
  }

  function patchState(work) {
    const locked = work ? session.locked(work) : "closed";
    const state = work ? session.state(work) : "open";
    const [words, icon] = locked && state !== "waiting" ? [lockedWords(locked, state), "✓"] : STATES[state]();
    say(view.state, work ? `${icon} ${words}` : "");
    view.state.dataset.state = state;
    const { missing } = session.count();
    const signed = work && session.signedRow(work) != null;
    const changed = work && session.dirty(work);
    view.confirm.disabled = view.busy || !work || Boolean(locked) || missing.length > 0 || (signed && !changed);
    say(view.confirm, signed && !changed ? `✓ ${t("Confirmed")}` : signed ? t("Confirm the change") : t("Confirm"));
    for (const row of root.querySelectorAll(".dish .row")) row.toggleAttribute("inert", Boolean(locked));
  }

  function lockedWords(locked, state) {
    if (state === "signed") return t("confirmed and stored. It can't be changed any more.");
    return locked === "closed" ? t("Tasting is not open now.") : t("Tasting is over.");
  }

  /** Every dish of every part, in its order. */
  function everything() {
    return session.parts().flatMap((part) => part.codes.map((work) => ({ part, work })));
  }

  async function go(steps) {
    const works = everything();
    const at = works.findIndex((each) => each.work === session.work);
    const to = works[at + steps];
    if (to) await show(to);
  }

  async function show({ part, work }) {
    await session.open(part, work);
    build();
    scrollTo(0, 0);
    document.querySelector("#dish")?.focus({ preventScroll: true });
  }

  async function confirm() {
    if (view.busy) return;
    view.busy = true;
    view.confirm.disabled = true;
    const { part, work } = session;
    try {
      await session.sign({ confirmed: "taps" });
    } finally {
      view.busy = false;
    }
    const next = session.next(work) ?? null;
    if (next && session.part === part) await show({ part, work: next });
    else {
      const open = everything().find((each) => ["open", "draft", "again"].includes(session.state(each.work)));
      if (open) await show(open);
      else patch();
    }
  }
}
