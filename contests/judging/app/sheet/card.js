// One card for each aspect. A card is built once and only patched afterwards: replacing a button
// between finger down and finger up swallows the tap.

import { element, say } from "../shared/dom.js";
import { pick, t } from "../words.js";
import { control } from "./controls/index.js";
import { more } from "./more.js";
import { markWords } from "./reading.js";

/** {node, focus(), update()}; `surroundings`: {tell(words, seen), now()} */
export function card(session, aspect, surroundings) {
  const mark = () => session.marks()[aspect.id] ?? null;
  const about = () => session.about(aspect.id) ?? {};
  const context = {
    aspect, session, mark, about, ...surroundings,
    setAbout: (facts) => session.setAbout(aspect.id, { ...about(), ...facts }),
    give: (given) => session.mark(aspect.id, withNote(given, mark())),
  };
  const own = control(context);
  const beside = more(context);
  const earlier = element("p.earlier", { hidden: true });
  const id = `aspect-${aspect.id}`;
  const title = element("h3", { id }, element("b", {}, aspect.id), " ", pick(aspect.title),
    " ", aspect.range ? element("small.range", {}, aspect.range) : "", beside.badges);
  const node = element(
    "section.card", { role: "group", "aria-labelledby": id, "data-aspect": aspect.id, "data-widget": aspect.widget },
    element("div.title", {}, title, own.aside ?? ""),
    aspect.requirement ? element("p.requirement", {}, aspect.requirement) : "",
    earlier, element("div.row", {}, own.node, beside.node), beside.panel,
  );
  return {
    node,
    focus() {
      const target = node.querySelector('[role="radio"][tabindex="0"], .row button:not(:disabled), .row input');
      target?.focus({ preventScroll: true });
      node.scrollIntoView({ block: "center" });
    },
    update(rounds = []) {
      const now = mark();
      node.classList.toggle("done", now != null);
      node.classList.toggle("void", now?.outcome != null);
      node.classList.toggle("unsure", Boolean(about().unsure));
      own.update(now?.outcome ? null : now);
      beside.update(now);
      const words = rounds.map((round) => earlierWords(aspect, session.seat(), round)).filter(Boolean).join("   ");
      say(earlier, words);
      earlier.hidden = !words;
    },
  };
}

const withNote = (given, before) => (before?.note && given && !("note" in given) ? { ...given, note: before.note } : given);

/** "Round 1: you 1 · J2 3 · J3 2"; the colleagues only once the server has shown them. */
function earlierWords(aspect, seat, { round, marks, group }) {
  const parts = [];
  if (marks[aspect.id]) parts.push(t("you {value}", { value: markWords(aspect, marks[aspect.id]) }));
  for (const colleague of group ?? []) {
    const mark = colleague.seat === seat ? null : colleague.marks[aspect.id];
    if (mark) parts.push(`${colleague.seat} ${markWords(aspect, mark)}`);
  }
  return parts.length ? t("Round {n}: {marks}", { n: round, marks: parts.join(" · ") }) : "";
}
