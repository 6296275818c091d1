// The deduction table: full marks until a defect is found, and "no defects" is said aloud.

import { button, element, press, say } from "./dom.js";
import { milli, milliText } from "./numbers.js";
import { pick, t } from "./words.js";

export function defects(aspect, give, mark) {
  const clean = button("chip.wide", { onclick: () => give({ defects: [] }) }, `✓ ${t("No defects")}`);
  const lines = aspect.defects.map((defect) => line(defect, give, mark));
  const sum = element("span.sum", { role: "status" });
  return {
    node: element("div.defects", {}, clean, lines.map((each) => each.node)),
    aside: element("div.aside", {}, sum),
    update(now) {
      press(clean, now?.defects?.length === 0);
      for (const each of lines) each.update(now);
      say(sum, now?.defects ? `−${milliText(total(now.defects))}` : t("unmarked"));
    },
  };
}

const total = (found) => found.reduce((sum, each) => sum + milli(each.points), 0);

function line(defect, give, mark) {
  const [least, most, step] = [defect.minimum, defect.maximum, defect.step].map(milli);
  const found = () => (mark()?.defects ?? []).filter((each) => each.code === defect.code);
  const change = (points) => {
    const others = (mark()?.defects ?? []).filter((each) => each.code !== defect.code);
    give({ defects: [...others, ...points.map((value) => ({ code: defect.code, points: milliText(value) }))] });
  };
  const add = () => {
    const now = found().map((each) => milli(each.points));
    if (now.length === 0) return change([least]);
    const last = now.at(-1);
    if (last + step <= most) return change([...now.slice(0, -1), last + step]);
    return defect.repeatable ? change([...now, least]) : undefined;
  };
  const remove = () => {
    const now = found().map((each) => milli(each.points));
    if (now.length === 0) return;
    const last = now.at(-1);
    change(last - step >= least ? [...now.slice(0, -1), last - step] : now.slice(0, -1));
  };
  const name = pick(defect.title);
  const less = button("chip.step", { onclick: remove, "aria-label": t("Less for {defect}", { defect: name }) }, "−");
  const more = button("chip.step", { onclick: add, "aria-label": t("More for {defect}", { defect: name }) }, "+");
  const value = element("output.lost", {}, "0");
  const range = least === most ? `−${milliText(most)}` : `−${milliText(least)} … −${milliText(most)}`;
  const node = element("div.defect", {},
    element("span.name", {}, name, " ", element("small", {}, range)), less, value, more);
  return {
    node,
    update() {
      const now = found();
      const lost = total(now);
      say(value, lost ? `−${milliText(lost)}` : "0");
      node.classList.toggle("found", now.length > 0);
      less.disabled = now.length === 0;
      more.disabled = !defect.repeatable && now.length > 0 && milli(now.at(-1).points) + step > most;
    },
  };
}
