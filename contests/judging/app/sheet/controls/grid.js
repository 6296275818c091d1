// Panel points: coarse values by one tap, the fine ones beside them. Unmarked until something is tapped.

import { element } from "../../shared/dom.js";
import { t } from "../../words.js";
import { milli, milliText } from "../numbers.js";
import { choices } from "./choices.js";
import { everyStep } from "./simple.js";
import { stepper } from "./stepper.js";

const MOST_CHIPS = 11;
const WHOLE = 1000;
const TEN = 10_000;

export function grid(context) {
  const { aspect, give, mark, tell } = context;
  const scale = { least: milli(aspect.minimum), most: milli(aspect.maximum), step: milli(aspect.step) };
  if ((scale.most - scale.least) / scale.step < MOST_CHIPS) return everyStep(context, scale);
  const value = () => (mark()?.value == null ? null : milli(mark().value));
  const set = (next) => give({ value: milliText(next) });
  const fine = stepper({ aspect, scale, value, set, tell });
  const coarse = coarseOf(aspect, scale, set, value);
  return {
    node: coarse?.node ?? element("span"),
    aside: element("div.aside", {}, coarse?.aside ?? "", fine.node),
    update() {
      coarse?.update(value());
      fine.update(value());
    },
  };
}

function coarseOf(aspect, scale, set, value) {
  if (scale.least < 0 || scale.most > 1000 * WHOLE) return null;
  return scale.most <= TEN ? wholes(aspect, scale, set) : tensAndOnes(aspect, scale, set, value);
}

const onGrid = ({ least, most, step }, value) =>
  value >= least && value <= most && (value === most || (value - least) % step === 0);

function wholes(aspect, scale, set) {
  const values = [];
  for (let value = 0; value <= scale.most; value += WHOLE) if (onGrid(scale, value)) values.push(value);
  const row = choices(aspect, values.map((value) => ({ text: milliText(value) })), (n) => set(values[n]));
  const below = (now) => values.findLastIndex((value) => value <= now && now < value + WHOLE);
  return { node: row.node, update: (now) => row.update(now == null ? -1 : below(now)) };
}

/** For maxima above ten: one tap for the tens (hundreds in front of them), one for the ones. */
function tensAndOnes(aspect, scale, set, value) {
  const big = scale.most > 100 * WHOLE ? TEN * 10 : TEN;
  const tens = Array.from({ length: Math.floor(scale.most / big) + 1 }, (_, n) => n * big);
  const unit = big / 10;
  const ones = Array.from({ length: 10 }, (_, n) => n * unit);
  const base = (now) => (now == null ? 0 : Math.floor(now / big) * big);
  const nearest = (size) => {
    const fits = [size, ...ones.map((one) => size + one)].find((each) => onGrid(scale, each));
    set(fits ?? scale.least);
  };
  const tenRow = choices(aspect, tens.map((size) => ({ text: milliText(size), classes: ".ten" })),
    (n) => nearest(tens[n]), { classes: "chips.tens", label: t("Tens") });
  const oneRow = choices(aspect, ones.map((size) => ({ text: `+${milliText(size)}`, classes: ".one" })),
    (n) => set(base(value()) + ones[n]), { label: t("Ones") });
  const inline = tens.length <= 5;
  return {
    node: inline ? oneRow.node : element("div.stack", {}, tenRow.node, oneRow.node),
    aside: inline ? tenRow.node : null,
    update(now) {
      const start = base(now);
      ones.forEach((size, n) => oneRow.allow(n, onGrid(scale, start + size)));
      tenRow.update(now == null ? -1 : tens.indexOf(start));
      oneRow.update(now == null ? -1 : ones.indexOf(Math.floor((now - start) / unit) * unit));
    },
  };
}
