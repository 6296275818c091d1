// A mark in words, as it is read back before it is signed, and in the tables.

import { pick, t } from "../words.js";
import { dayText } from "./controls/timeofday.js";
import { nameOf, resultWords } from "./controls/typed.js";
import { milli, milliText } from "./numbers.js";

/** The value alone: "8.5", "12.3 mm", "Yes", "−1.5". */
export function markWords(aspect, mark) {
  if (!mark) return t("unmarked");
  if (mark.outcome) return t("Nothing to mark");
  if (mark.defects) return lostWords(mark.defects);
  const value = mark.raw ?? mark.value;
  const choice = aspect.choices?.find((each) => each.code === value);
  if (choice) return pick(choice.title) || choice.code;
  if (value === "true") return t("Yes");
  if (value === "false") return t("No");
  if (aspect.widget === "clock" && milli(value) != null) return dayText(milli(value));
  return `${value} ${mark.raw == null ? "" : (aspect.unit ?? "")}`.trim();
}

function lostWords(found) {
  if (found.length === 0) return t("No defects");
  return `−${milliText(found.reduce((sum, each) => sum + milli(each.points), 0))}`;
}

/** Everything behind a mark for the summary: descriptor, defects, the calculator's result. */
export function detailWords(aspect, mark) {
  if (!mark || mark.outcome) return "";
  if (mark.defects) {
    return mark.defects.map(({ code, points }) =>
      `${pick(aspect.defects.find((each) => each.code === code)?.title) || code} −${points}`).join("; ");
  }
  if (aspect.widget === "levels" && mark[nameOf(aspect)] != null) {
    const value = milli(mark[nameOf(aspect)]);
    return value != null && value % 1000 === 0 ? pick(aspect.descriptors[value / 1000]) : "";
  }
  return resultWords(aspect, mark);
}

/** "of 3", "of 20": what the value is out of. */
export function outOf(aspect) {
  if (aspect.calculation || aspect.widget === "given" || !aspect.maximum) return "";
  return t("of {maximum}", { maximum: aspect.maximum });
}
