// Less, the value, more: fine steps by tapping, typing where somebody prefers it.

import { button, element, say } from "../../shared/dom.js";
import { t } from "../../words.js";
import { milli, milliText, typedDecimal } from "../numbers.js";
import { named } from "../naming.js";

/** What one tap on the fine steps may be: where the grid is fine, a wider step stands beside it. */
export function sizesOf(step) {
  if (step >= 50) return [step];
  return 100 % step === 0 ? [step, 100] : [step, step * 10];
}

/** scale: {least, most, step}; value() -> milli or null; set(milli). Starts unmarked: a stepper that
 * starts at a number would be a mark. */
export function stepper({ aspect, scale, value, set, tell, sizes = sizesOf(scale.step) }) {
  const field = element("input.value", {
    type: "text", inputmode: "decimal", autocomplete: "off", enterkeyhint: "done", placeholder: t("unmarked"),
    "aria-label": named(t("Value"), aspect),
    onfocus: () => field.select(),
    onchange: () => typed(),
  });
  const hint = element("span.hint", { hidden: true });
  const less = sizes.map((size) => part(-size));
  const more = sizes.map((size) => part(size));

  function part(size) {
    const words = size < 0 ? t("Less") : t("More");
    const sign = size < 0 ? "−" : "+";
    const visible = sizes.length > 1 ? `${sign}${milliText(Math.abs(size))}` : sign;
    return button(sizes.length > 1 ? "chip.step.sized" : "chip.step", {
      "aria-label": named(`${visible} ${words}`, aspect), onclick: () => move(size),
    }, visible);
  }

  function move(size) {
    const now = value();
    const start = size > 0 ? scale.least : scale.most;
    const next = now == null ? start : bounded(now + size);
    set(next);
    tell(named(milliText(next), aspect));
  }

  const bounded = (next) => Math.min(scale.most, Math.max(scale.least, next));

  function typed() {
    const text = field.value.trim();
    const plain = typedDecimal(text);
    const next = plain == null ? null : milli(plain);
    const fits = next != null && next >= scale.least && next <= scale.most
      && (next === scale.most || (next - scale.least) % scale.step === 0);
    refuse(fits || text === "" ? "" : plain == null
      ? t("This is no number. Write it like 12.5.")
      : t("Only {minimum} to {maximum} in steps of {step}.", {
        minimum: milliText(scale.least), maximum: milliText(scale.most), step: milliText(scale.step),
      }));
    if (!fits) return;
    set(next);
    if (milliText(next) !== text) {
      refuse(t("Understood as {value}", { value: milliText(next) }), false);
      tell(hint.textContent);
    }
  }

  function refuse(words, wrong = true) {
    field.setAttribute("aria-invalid", String(Boolean(words) && wrong));
    say(hint, words);
    hint.hidden = !words;
    if (words && wrong) tell(words);
  }

  return {
    node: element("div.stepper", {}, less.toReversed(), field, more, hint),
    update(now) {
      const shown = now == null ? "" : milliText(now);
      const refused = field.getAttribute("aria-invalid") === "true";
      if (document.activeElement !== field || !refused) {
        if (field.value !== shown) field.value = shown;
        if (refused && now != null) refuse("");
      }
      less.forEach((node) => (node.disabled = now != null && now <= scale.least));
      more.forEach((node) => (node.disabled = now != null && now >= scale.most));
    },
  };
}
