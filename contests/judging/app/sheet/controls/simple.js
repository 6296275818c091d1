// Controls of one tap: the written scale, yes or no, a choice, a small count.

import { milli, milliText } from "../numbers.js";
import { pick, t } from "../../words.js";
import { choices } from "./choices.js";
import { stepper } from "./stepper.js";

const MOST_CHIPS = 16;

/** The written scale; half scores stand between the descriptors where the scheme allows them. */
export function levels({ aspect, give }) {
  const [least, top, step] = [aspect.minimum, aspect.maximum, aspect.step].map(milli);
  const items = [];
  for (let value = least; value <= top; value += step) {
    const help = value % 1000 === 0 ? pick(aspect.descriptors[value / 1000]) : "";
    items.push({ text: milliText(value), help, mark: { value: milliText(value) } });
  }
  return marked(aspect, items, give, "levels");
}

export function pass({ aspect, give }) {
  const words = (code, plain) => pick(aspect.choices.find((each) => each.code === code)?.title) || plain;
  return marked(aspect, [
    { text: `✓ ${words("true", t("Yes"))}`, name: words("true", t("Yes")), mark: { raw: "true" }, wide: true },
    { text: `✕ ${words("false", t("No"))}`, name: words("false", t("No")), mark: { raw: "false" }, wide: true },
  ], give);
}

export function choice({ aspect, give }) {
  return marked(aspect, aspect.choices.map((each) => ({
    text: pick(each.title) || each.code, mark: aspect.calculation ? { raw: each.code } : { value: each.code }, wide: true,
  })), give);
}

/** How many: chips where they fit, else a stepper. */
export function count({ aspect, give, mark, tell }) {
  const most = milli(aspect.maximum);
  const name = aspect.calculation ? "raw" : "value";
  if (most / 1000 < MOST_CHIPS) {
    const items = Array.from({ length: most / 1000 + 1 }, (_, n) => ({ text: String(n), mark: { [name]: String(n) } }));
    return marked(aspect, items, give);
  }
  const value = () => (mark()?.[name] == null ? null : milli(mark()[name]));
  const scale = { least: 0, most, step: 1000 };
  const fine = stepper({ aspect, scale, value, tell, set: (next) => give({ [name]: milliText(next) }), sizes: [1000, 10_000] });
  return { node: fine.node, update: () => fine.update(value()) };
}

/** Every value of a short scale. */
export function everyStep({ aspect, give }, { least, most, step }) {
  const items = [];
  for (let value = least; value <= most; value += step) items.push(of(value));
  if ((most - least) % step !== 0) items.push(of(most));
  return marked(aspect, items, give);
}

const of = (value) => ({ text: milliText(value), mark: { value: milliText(value) } });

function marked(aspect, items, give, classes = "chips") {
  const row = choices(aspect, items, (n) => give(items[n].mark), { classes });
  return { node: row.node, update: (mark) => row.update(items.findIndex((item) => same(item.mark, mark))) };
}

const same = (a, b) => b != null && a.value === b.value && a.raw === b.raw;
