// The deduction table: full marks until a defect is found, and "no defects" is said aloud.

import { button, element, say } from "../../shared/dom.js";
import { pick, t } from "../../words.js";
import { milli, milliText } from "../numbers.js";
import { named } from "../naming.js";

export function defects(context) {
  const { aspect, give } = context;
  const clean = button("chip.wide", {
    "aria-pressed": "false", "aria-label": named(t("No defects"), aspect), onclick: () => give({ defects: [] }),
  }, `✓ ${t("No defects")}`);
  const lines = aspect.defects.map((defect) => line(context, defect));
  const sum = element("span.sum");
  return {
    node: element("div.defects", {}, clean, lines.map((each) => each.node)),
    aside: element("div.aside", {}, sum),
    update(now) {
      clean.setAttribute("aria-pressed", String(now?.defects?.length === 0));
      for (const each of lines) each.update(now);
      say(sum, now?.defects ? remaining(aspect, now.defects) : t("unmarked"));
    },
  };
}

/** "−1.5 · 8.5": what is lost and what is left, never below the aspect's minimum. */
function remaining(aspect, found) {
  const lost = lostBy(found);
  const left = aspect.maximum ? Math.max(milli(aspect.minimum), milli(aspect.maximum) - lost) : null;
  const minus = lost ? `−${milliText(lost)}` : "✓";
  return left == null ? minus : `${minus} · ${milliText(left)}`;
}

const lostBy = (found) => found.reduce((sum, each) => sum + milli(each.points), 0);

function line({ aspect, give, mark, tell }, defect) {
  const [least, most, step] = [defect.minimum, defect.maximum, defect.step].map(milli);
  const found = () => (mark()?.defects ?? []).filter((each) => each.code === defect.code);
  const name = pick(defect.title);
  const change = (points) => {
    const others = (mark()?.defects ?? []).filter((each) => each.code !== defect.code);
    const own = points.map((value) => ({ code: defect.code, points: milliText(value) }));
    give({ defects: [...others, ...own] });
    tell(`${name}: −${milliText(lostBy(own))}, ${named("", aspect)}`);
  };
  const add = () => {
    const now = found().map((each) => milli(each.points));
    if (now.length === 0) return change([least]);
    const last = now.at(-1);
    if (last < most) return change([...now.slice(0, -1), Math.min(last + step, most)]);
    return defect.repeatable ? change([...now, least]) : undefined;
  };
  const remove = () => {
    const now = found().map((each) => milli(each.points));
    if (now.length === 0) return;
    const last = now.at(-1);
    const below = last - ((last - least) % step || step);
    change(last > least ? [...now.slice(0, -1), below] : now.slice(0, -1));
  };
  const title = (sign, words) => named(`${sign} ${words}: ${name}`, aspect);
  const less = button("chip.step", { onclick: remove, "aria-label": title("−", t("Less")) }, "−");
  const more = button("chip.step", { onclick: add, "aria-label": title("+", t("More")) }, "+");
  const value = element("span.lost", {}, "0");
  const range = least === most ? `−${milliText(most)}` : `−${milliText(least)} … −${milliText(most)}`;
  const node = element("div.defect", { role: "group", "aria-label": name },
    element("span.name", {}, name, " ", element("small", {}, range)), less, value, more);
  return {
    node,
    update() {
      const now = found();
      const lost = lostBy(now);
      say(value, lost ? `−${milliText(lost)}` : "0");
      node.classList.toggle("found", now.length > 0);
      less.disabled = now.length === 0;
      more.disabled = !defect.repeatable && now.length > 0 && milli(now.at(-1).points) >= most;
    },
  };
}
