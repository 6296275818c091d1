// One work's clock: start, pause, resume and stop always in the same place, so that a second tap never
// hits something else.

import { button, element, say } from "../shared/dom.js";
import { t } from "../words.js";
import { causeOfPause, compensation, stampsOf, takingBack } from "./dialogs.js";
import * as keep from "./keep.js";
import { attemptOf, clockOf, timeText } from "./reckon.js";
import * as server from "./server.js";

const REST = 500;
const SOON = 5 * 60_000;
const NAMES = () => ({
  start: t("Start"), pause: t("Pause"), resume: t("Resume"), stop: t("Stop"), compensation: t("Compensation"),
});
const STATES = () => ({ ready: ["○", t("not started")], running: ["▶", t("running")], paused: ["‖", t("paused")], stopped: ["■", t("stopped")] });

export function card({ module, code, attempt, limit, stamp, several }) {
  const state = { stamps: [], held: null, clock: clockOf([], 0), tapped: 0 };
  const own = { code, attempt };
  const time = element("p.time", {}, "00:00");
  const said = element("p.said", { role: "status" });
  const facts = element("p.facts");
  const words = NAMES();
  const make = (kind, act) => button(`act.${kind}`, { "aria-label": `${words[kind]} ${code}`, onclick: () => guarded(act) }, words[kind]);
  const acts = {
    start: make("start", () => stamp({ ...own, stamp: "start" })),
    pause: make("pause", pause),
    resume: make("resume", () => stamp({ ...own, stamp: "resume" })),
    stop: make("stop", () => stamp({ ...own, stamp: "stop" })),
  };
  const cause = button("quiet.cause", { hidden: true, onclick: () => askCause() }, t("Choose the cause"));
  const more = element("div.more", {},
    button("quiet", { "aria-label": `${t("Compensation")} ${code}`, onclick: give }, t("Compensation")),
    button("quiet", { "aria-label": `${t("Stamps")} ${code}`, onclick: list }, t("Stamps")));
  const name = several ? `${code} · ${t("Attempt {n}", { n: attempt })}` : code;
  const node = element("section.clock", { "aria-label": name, "data-code": code, "data-attempt": String(attempt) },
    element("div.top-line", {}, element("h2", {}, element("b", {}, code), several ? element("small", {}, t("Attempt {n}", { n: attempt })) : ""), said),
    time, facts, element("div.acts", {}, Object.values(acts)), cause, more);
  return {
    ...own, node, state: () => state.clock.state,
    update(serverStamps, rows) {
      const mine = rows.filter((row) => row.code === code && row.attempt === attempt && row.module === module);
      state.stamps = attemptOf(serverStamps, mine);
      state.held = mine.find((row) => row.held) ?? null;
    },
    tick,
  };

  function tick(now) {
    const found = clockOf(state.stamps, now);
    state.clock = found;
    say(time, timeText(found.net));
    const [icon, word] = STATES()[found.state];
    const over = limit > 0 && found.net > limit * 1000;
    const soon = !over && limit > 0 && found.state === "running" && limit * 1000 - found.net <= SOON;
    const more = over ? t("over time by {time}", { time: timeText(found.net - limit * 1000) })
      : soon ? t("{time} left", { time: timeText(limit * 1000 - found.net) }) : "";
    say(said, `${icon} ${[word, more].filter(Boolean).join(" · ")}`);
    node.dataset.state = found.state;
    node.dataset.over = over ? "yes" : soon ? "soon" : "no";
    say(facts, found.compensation > 0 ? t("{gross} in all, {compensation} of it given back", {
      gross: timeText(found.gross), compensation: timeText(found.compensation) }) : "");
    acts.start.disabled = found.state !== "ready";
    acts.pause.disabled = found.state !== "running";
    acts.resume.disabled = found.state !== "paused";
    acts.stop.disabled = !["running", "paused"].includes(found.state);
    cause.hidden = !state.held;
  }

  /** A second tap within half a second is the same tap. */
  async function guarded(act) {
    const now = performance.now();
    if (now - state.tapped < REST) return;
    state.tapped = now;
    await act();
  }

  async function pause() {
    await stamp({ ...own, stamp: "pause", held: true }); // the instant first, the cause after it
    await askCause();
  }

  async function askCause() {
    const { held } = state;
    if (!held) return;
    const reason = await causeOfPause(code);
    if (!reason) return;
    await keep.change(held.id, { reason, held: false });
    server.now();
  }

  async function give() {
    const given = await compensation(code);
    if (given) await stamp({ ...own, kind: "interruption", ...given });
  }

  async function list() {
    const names = NAMES();
    const shown = state.stamps.map((each) => ({
      ...each,
      words: each.kind === "compensation"
        ? `${names[each.kind]} ${t("{n} min", { n: each.seconds / 60 })}${each.acknowledged ? ` · ${t("agreed")}` : ""}`
        : `${names[each.kind]} ${new Date(each.at).toLocaleTimeString(document.documentElement.lang)}`,
    }));
    const chosen = await stampsOf(code, shown);
    if (!chosen) return;
    const reason = await takingBack(code, chosen.words);
    if (reason) await stamp({ ...own, stamp: "cancel", cancels: chosen.id, reason });
  }
}
