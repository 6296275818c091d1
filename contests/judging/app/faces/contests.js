// One judge, several contests: which one now?

import { element, button } from "../shared/dom.js";
import { isShared } from "../device.js";
import * as packs from "../packs.js";
import * as people from "../people.js";
import { on } from "../signals.js";
import { pick, t } from "../words.js";

export function chooser(root, person, open) {
  const list = element("ul.choices.contests");
  const title = element("h2", {}, t("My contests"));
  root.append(element("main.panel", {}, title, list));
  let shown = "";

  async function draw() {
    const found = await people.contestsOf(person);
    const rows = await Promise.all(found.map(async (contest) => ({ contest, ...(await packs.progress(contest.id, person.account)) })));
    const key = JSON.stringify(rows);
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...rows.map((row) => choice(person, row, open)));
    if (rows.length === 0) {
      list.append(element("li.empty", {}, t("You are not appointed in any contest yet. Ask the organiser or the chief referee.")));
    }
  }

  draw();
  if (!isShared()) people.refresh().then(draw, () => {});
  const off = [on("people", draw), on("heads", draw)];
  return { unmount: () => off.forEach((each) => each()) };
}

function choice(person, { contest, signed, owed }, open) {
  const here = person.seats.filter((seat) => seat.contest === contest.id && seat.seat);
  const seats = [...new Set(here.map((one) => (one.seat === one.role ? people.seatWords([one]) : t("Seat {seat}", { seat: one.seat }))))];
  const competition = pick(contest.competition);
  return element("li", {}, button("choice.contest", { onclick: () => open(contest.id) },
    competition ? element("small", {}, competition) : "",
    element("b", {}, pick(contest.title) || contest.code),
    element("span", {}, seats.join(" · "), seats.length ? " · " : "", stateWords(contest)),
    owed ? element("span.count", {}, t("{signed} of {owed} sheets signed", { signed, owed })) : ""));
}

function stateWords({ state, ended }) {
  if (state === "judging" && !ended) return t("Marking is open.");
  return ["draft", "ready"].includes(state) ? t("Marking has not started.") : t("Marking is over.");
}
