// The clocks of one contest. A card is built once and then only patched.

import * as clock from "../clock.js";
import { button, element, say } from "../shared/dom.js";
import { pick, t } from "../words.js";
import { card } from "./card.js";
import { sure } from "./dialogs.js";
import * as keep from "./keep.js";
import * as server from "./server.js";

const TICK = 250;

export function board(root, { header, contest, account, refresh }) {
  const view = { cards: [], clocks: null, module: "", rows: [] };
  const timer = setInterval(tick, TICK);
  return { update, close: () => clearInterval(timer) };

  function update(clocks, rows) {
    const first = view.clocks === null;
    Object.assign(view, { clocks, rows });
    if (first) {
      view.module = clocks.modules[0]?.id ?? "";
      build();
    }
    for (const each of view.cards) each.update(stampsIn(each), rows);
    tick();
  }

  function module() {
    return view.clocks.modules.find((each) => each.id === view.module);
  }

  function stampsIn({ code, attempt }) {
    const work = module()?.works.find((each) => each.code === code);
    return work?.attempts.find((each) => each.attempt === attempt)?.stamps ?? [];
  }

  function build() {
    document.title = `${pick(view.clocks.contest.title)} · ${t("Time-keeping")}`;
    view.link = element("span.pill", { role: "status" });
    view.queue = element("span.pill", { role: "status" });
    view.notice = element("p.notice", { role: "status", hidden: true });
    view.tabs = view.clocks.modules.map((each) => button("tab", { onclick: () => open(each.id) }, element("b", {}, each.id), " ", pick(each.title)));
    view.list = element("div.clocks");
    view.all = button("quiet", { onclick: startAll });
    view.login = element("a", { href: `/login?next=${encodeURIComponent(location.pathname)}`, hidden: true }, t("Log in"));
    root.replaceChildren(
      header(element("h1", {}, pick(view.clocks.contest.title)), view.link, view.queue),
      element("main", {}, view.notice, view.login,
        view.tabs.length > 1 ? element("div.tabs", { role: "group", "aria-label": t("Modules") }, view.tabs) : "",
        element("p.limit", {}), view.all, view.list));
    cards();
  }

  function open(id) {
    view.module = id;
    cards();
    for (const each of view.cards) each.update(stampsIn(each), view.rows);
    tick();
  }

  function cards() {
    const { limit, works } = module() ?? { limit: 0, works: [] };
    view.tabs.forEach((tab, n) => tab.setAttribute("aria-pressed", String(view.clocks.modules[n].id === view.module)));
    say(root.querySelector(".limit"), limit ? t("Limit: {n} min", { n: limit / 60 }) : t("No limit"));
    view.cards = works.flatMap(({ code, attempts }) => attempts.map(({ attempt }) =>
      card({ module: view.module, code, attempt, limit, stamp, several: attempts.length > 1 })));
    view.list.replaceChildren(...view.cards.map((each) => each.node));
  }

  function tick() {
    if (!view.clocks) return;
    const now = clock.now().getTime();
    for (const each of view.cards) each.tick(now);
    const left = view.rows.filter((row) => row.answer === "").length;
    const refused = view.rows.filter((row) => row.answer === "refused");
    const online = server.state.link === "online";
    say(view.link, online ? `● ${t("Connected")}` : `○ ${t("No connection")}`);
    view.link.dataset.tone = online ? "good" : "warn";
    say(view.queue, left ? t("{n} to send", { n: left }) : t("All sent"));
    view.queue.dataset.tone = left ? "warn" : "good";
    view.login.hidden = !server.state.login;
    say(view.notice, notice(refused));
    view.notice.hidden = !view.notice.textContent;
    const ready = view.cards.filter((each) => each.state() === "ready").length;
    view.all.hidden = ready < 2;
    say(view.all, t("Start all {n} at once", { n: ready }));
  }

  function notice(refused) {
    if (server.state.login) return t("You are logged out. What you stamped is kept: log in to send it.");
    if (refused.length) {
      const { code, words } = refused.at(-1);
      return t("A stamp of {code} was not taken: {words}", { code, words });
    }
    const { state, ended } = view.clocks.contest;
    return state !== "judging" || ended ? t("Marking is not open: stamps may not be taken.") : "";
  }

  /** Keeps first, then sends. `facts` say what; the instant is that of the tap. */
  async function stamp(...many) {
    const at = clock.stamp();
    const n = Date.now() * 1000;
    const rows = many.map((facts, place) => ({
      id: crypto.randomUUID(), contest, account, module: view.module, kind: "clock", reason: "", answer: "", words: "", at, n: n + place, ...facts,
    }));
    await keep.add(rows);
    await refresh();
    server.now();
    return rows;
  }

  async function startAll() {
    const ready = view.cards.filter((each) => each.state() === "ready");
    const codes = ready.map((each) => each.code).join(", ");
    if (!(await sure(t("Start all {n} at once", { n: ready.length }), codes, t("Start now")))) return;
    await stamp(...ready.map(({ code, attempt }) => ({ code, attempt, stamp: "start" })));
  }
}
