// What a control is called: the visible text first, then aspect, title and range, so that somebody
// who hears the page knows what a tap would mean.

import { pick, t } from "../words.js";

export const titleOf = (aspect) => `${aspect.id} ${pick(aspect.title)}`.trim();

/** "of 3", "0–20", "/ 5" in words; empty for a value without bounds. */
export function boundsOf(aspect) {
  if (aspect.calculation) return t("worth {points} points", { points: aspect.worth });
  if (aspect.widget === "defects") return t("from {maximum}", { maximum: aspect.maximum });
  if (aspect.widget === "given" || !aspect.maximum) return "";
  return t("{minimum} to {maximum}", { minimum: aspect.minimum, maximum: aspect.maximum });
}

export const named = (visible, aspect) =>
  [visible, titleOf(aspect), boundsOf(aspect)].filter(Boolean).join(", ");
