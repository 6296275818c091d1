// Measured and given values: typed leniently, what was understood is shown, and what it is worth too.

import { element, say } from "../../shared/dom.js";
import { pick, t } from "../../words.js";
import { milli, milliText, typedDecimal } from "../numbers.js";
import { named } from "../naming.js";
import { computed, shownText } from "../worth.js";

/** One value, or several that belong together ("hits;false alarms"), as the pack's columns say. */
export function typed(context) {
  const { aspect, give } = context;
  const columns = aspect.columns.length ? aspect.columns : [null];
  const texts = columns.map(() => "");
  const worth = result(context);
  const fields = columns.map((column, n) => field(context, column, (plain) => {
    texts[n] = plain;
    if (texts.every(Boolean)) give({ [nameOf(aspect)]: texts.join(";") });
  }));
  return {
    node: element("div.measure", {}, fields.map((each) => each.node), worth.node),
    update(mark) {
      const kept = mark?.[nameOf(aspect)]?.split(";") ?? [];
      fields.forEach((each, n) => {
        if (kept[n] != null || mark) texts[n] = kept[n] ?? "";
        each.update(mark ? (kept[n] ?? "") : texts.every(Boolean) ? "" : null);
      });
      if (!mark && texts.every(Boolean)) texts.fill("");
      worth.update(mark);
    },
  };
}

export const nameOf = (aspect) => (aspect.calculation || aspect.kind === "time" ? "raw" : "value");

function field({ aspect, tell }, column, understood) {
  const title = column ? pick(column.title) || column.code : "";
  const visible = title || (aspect.unit ? t("Measured value in {unit}", { unit: aspect.unit }) : t("Value"));
  const hint = element("span.hint", { hidden: true });
  const input = element("input.value.measured", {
    type: "text", inputmode: "decimal", autocomplete: "off", enterkeyhint: "done", placeholder: t("unmarked"),
    "aria-label": named(visible, aspect), onfocus: () => input.select(), onchange: () => read(),
  });
  const wrong = (words) => {
    input.setAttribute("aria-invalid", String(Boolean(words)));
    show(words);
    if (words) tell(words);
  };
  const show = (words) => {
    say(hint, words);
    hint.hidden = !words;
  };

  function read() {
    const text = input.value.trim();
    if (!text) return wrong("");
    const plain = typedDecimal(text);
    const refusal = plain == null ? t("This is no number. Write it like 12.5.") : refused(aspect, plain);
    wrong(refusal);
    if (refusal) return undefined;
    if (plain !== text) {
      const words = t("Understood as {value}", { value: `${plain} ${aspect.unit}`.trim() });
      show(words);
      tell(words);
    }
    return understood(plain);
  }

  return {
    node: element("label.typed", {},
      title ? element("span", {}, title) : "", input, element("span.unit", {}, column ? "" : aspect.unit), hint),
    update(text) {
      if (text == null || (document.activeElement === input && input.getAttribute("aria-invalid") === "true")) return;
      if (input.value !== text) input.value = text;
      if (text) input.removeAttribute("aria-invalid");
      else if (document.activeElement !== input) wrong("");
    },
  };
}

/** Why a number of points can't be entered; measured values have no bounds but the calculator's. */
function refused(aspect, plain) {
  if (aspect.calculation) return "";
  const value = milli(plain);
  if (value == null) return t("At most three decimals.");
  if (aspect.widget === "given" || !aspect.maximum) return "";
  const [least, most, step] = [aspect.minimum, aspect.maximum, aspect.step].map(milli);
  const fits = value >= least && value <= most && (value === most || (value - least) % step === 0);
  return fits ? "" : t("Only {minimum} to {maximum} in steps of {step}.", {
    minimum: milliText(least), maximum: milliText(most), step: milliText(step),
  });
}

/** What the calculator makes of the value, at once and without a network. */
export function result({ aspect }) {
  const node = element("output.worth", { hidden: true });
  return {
    node,
    update(mark) {
      const words = resultWords(aspect, mark);
      say(node, words);
      node.hidden = !words;
    },
  };
}

export function resultWords(aspect, mark) {
  if (!aspect.calculation || mark?.raw == null) return "";
  const outcome = computed(aspect.calculation, mark.raw);
  if (!outcome) return "";
  if (outcome.unknown) return t("The server computes the points.");
  if (outcome.unreadable) return t("No points can be computed from this value. Check it.");
  return t("= {points} of {maximum} points", {
    points: shownText(outcome.points, aspect.decimals ?? 2), maximum: aspect.worth,
  });
}
