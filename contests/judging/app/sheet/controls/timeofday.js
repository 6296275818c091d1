// A time of day, kept as seconds since midnight: one tap for now, fine steps, or typed.

import { button, element } from "../../shared/dom.js";
import { t } from "../../words.js";
import { clockText, milli, milliText, typedSeconds } from "../numbers.js";
import { named } from "../naming.js";
import { nameOf, result } from "./typed.js";

const DAY = 86_400_000;
const STEPS = [[-60_000, "−1 min"], [-1000, "−1 s"], [1000, "+1 s"], [60_000, "+1 min"]];

export function timeofday(context) {
  const { aspect, give, mark, tell, now } = context;
  const worth = result(context);
  const value = () => (mark()?.[nameOf(aspect)] == null ? null : milli(mark()[nameOf(aspect)]));
  const set = (milliseconds) => {
    const kept = ((milliseconds % DAY) + DAY) % DAY;
    give({ [nameOf(aspect)]: milliText(kept - (kept % 1000)) });
    tell(named(dayText(kept), aspect));
  };
  const at = button("chip.wide", { "aria-label": named(t("Now"), aspect), onclick: () => set(sinceMidnight(now())) }, t("Now"));
  const steps = STEPS.map(([size, words]) => button("chip.step.sized", {
    "aria-label": named(words, aspect), onclick: () => set((value() ?? sinceMidnight(now())) + size),
  }, words));
  const field = element("input.value.measured", {
    type: "text", autocomplete: "off", placeholder: "00:00:00", "aria-label": named(t("Time of day"), aspect),
    onfocus: () => field.select(), onchange: () => typed(),
  });

  function typed() {
    const text = field.value.trim();
    const plain = /^[^:：]+[:：][^:：]+$/.test(text) ? typedSeconds(`${text}:00`) : typedSeconds(text);
    const size = plain == null ? null : milli(plain);
    const fits = size != null && size < DAY && /[:：]/.test(text);
    field.setAttribute("aria-invalid", String(!fits && text !== ""));
    if (fits) set(size);
    else if (text) tell(t("Write a time of day like 14:05:30."));
  }

  return {
    node: element("div.measure", {}, at, steps.slice(0, 2), field, steps.slice(2), worth.node),
    update(given) {
      const text = given ? dayText(value()) : "";
      if (document.activeElement !== field || given) if (field.value !== text) field.value = text;
      if (given) field.removeAttribute("aria-invalid");
      for (const node of steps) node.disabled = !given;
      worth.update(given);
    },
  };
}

export const dayText = (milliseconds) => clockText(milliseconds + 0, 0).padStart(5, "0").replace(/^(\d+:\d\d)$/, "0:$1").replace(/^(\d):/, "0$1:");

function sinceMidnight(date) {
  return ((date.getHours() * 60 + date.getMinutes()) * 60 + date.getSeconds()) * 1000;
}
