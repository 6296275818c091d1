// From the aspects of a sheet to the fields that are typed one after the other, and back to marks.
//
// A field holds what was typed as text: "" = nothing yet, MISSING = the paper says that there is nothing
// to mark. Numbers are read by the sheet's own rules: full-width digits and a comma are understood.

import { milli, milliText, typedDecimal, typedSeconds } from "../sheet/numbers.js";
import { pick, t } from "../words.js";

export const MISSING = "x";

/** One field for a value, one for each defect or column; `single`: one digit is the whole answer. */
export function fieldsOf(aspects) {
  return aspects.flatMap((aspect, n) => {
    const base = { aspect, number: n + 1, part: "", title: pick(aspect.title), signed: false, single: false, many: false };
    if (aspect.widget === "defects") {
      return aspect.defects.map((defect) => ({
        ...base, part: defect.code, title: `${pick(aspect.title)} · ${pick(defect.title)}`, optional: true,
        many: defect.repeatable, hint: `${defect.minimum}–${defect.maximum}`, read: (text) => points(text, defect),
      }));
    }
    if (aspect.columns?.length) {
      return aspect.columns.map((column) => ({
        ...base, part: column.code, title: `${pick(aspect.title)} · ${pick(column.title) || column.code}`,
        signed: true, hint: "", read: (text) => plainly(typedDecimal(text)),
      }));
    }
    return [{ ...base, ...kinds[aspect.widget]?.(aspect) ?? measured(aspect) }];
  });
}

const kinds = {
  levels: scale, grid: scale, count: scale,
  pass: () => ({ single: true, hint: `1 ${t("Yes")} · 0 ${t("No")}`, read: (text) => coded(text, ["0", "1"], ["false", "true"]) }),
  choice: (aspect) => ({
    single: aspect.choices.length < 10,
    hint: aspect.choices.map((one, n) => `${n + 1} ${pick(one.title) || one.code}`).join(" · "),
    read: (text) => coded(text, aspect.choices.map((_, n) => String(n + 1)), aspect.choices.map((one) => one.code)),
  }),
  stopwatch: timed, clock: timed,
};

function scale(aspect) {
  const [least, most, step] = [aspect.minimum, aspect.maximum, aspect.step].map(milli);
  const whole = step % 1000 === 0;
  return {
    single: whole && least >= 0 && most <= 9000,
    signed: least < 0,
    hint: `${milliText(least)}–${milliText(most)}`,
    read(text) {
      const value = milli(typedDecimal(text) ?? "");
      const fits = value != null && value >= least && value <= most && (value === most || (value - least) % step === 0);
      return fits ? { value: milliText(value) } : { wrong: t("Only {minimum} to {maximum} in steps of {step}.", {
        minimum: milliText(least), maximum: milliText(most), step: milliText(step) }) };
    },
  };
}

const measured = (aspect) => ({ signed: true, hint: aspect.unit, read: (text) => plainly(typedDecimal(text)) });

function timed(aspect) {
  return { hint: aspect.unit || "0:00", colon: true, read: (text) => plainly(typedSeconds(text)) };
}

const plainly = (value) => (value == null ? { wrong: t("This is no number. Write it like 12.5.") } : { value });

function coded(text, keys, values) {
  const at = keys.indexOf(text.trim().normalize("NFKC"));
  return at < 0 ? { wrong: t("Only {known}.", { known: keys.join(", ") }) } : { value: values[at] };
}

/** "1+0.5" of a repeatable defect as two of it. */
function points(text, defect) {
  const [least, most, step] = [defect.minimum, defect.maximum, defect.step].map(milli);
  const found = text.split("+").map((each) => milli(typedDecimal(each) ?? ""));
  const fits = found.every((value) => value != null && value >= least && value <= most && (value - least) % step === 0);
  if (!fits || (found.length > 1 && !defect.repeatable)) {
    return { wrong: t("Only {minimum} to {maximum} in steps of {step}.", {
      minimum: defect.minimum, maximum: defect.maximum, step: defect.step }) };
  }
  return { value: found.map((value) => ({ code: defect.code, points: milliText(value) })) };
}

// --- marks ------------------------------------------------------------------------------------------

/** The marks that the texts say; a field that is not readable is left out. */
export function marksOf(fields, texts) {
  const marks = {};
  for (const aspect of new Set(fields.map((field) => field.aspect))) {
    const mark = markOf(fields, texts, aspect);
    if (mark) marks[aspect.id] = mark;
  }
  return marks;
}

function markOf(fields, texts, aspect) {
  const own = fields.map((field, n) => [field, texts[n]]).filter(([field]) => field.aspect === aspect);
  if (own.some(([, text]) => text === MISSING)) return { outcome: "missing" };
  if (aspect.widget === "defects") {
    if (own.some(([, text]) => text == null)) return null;
    return { defects: own.flatMap(([field, text]) => (text ? field.read(text).value ?? [] : [])) };
  }
  const values = own.map(([field, text]) => (text ? field.read(text).value : undefined));
  if (values.some((value) => value === undefined)) return null;
  return { [aspect.calculation ? "raw" : "value"]: values.join(";") };
}

/** The texts that a typist typed before, to be corrected. null = nothing yet. */
export function textsOf(fields, marks) {
  return fields.map((field) => {
    const mark = marks[field.aspect.id];
    if (!mark) return null;
    if (mark.outcome) return MISSING;
    if (field.aspect.widget === "defects") {
      return (mark.defects ?? []).filter((each) => each.code === field.part).map((each) => each.points).join("+");
    }
    const kept = mark.raw ?? mark.value ?? "";
    if (field.part) return kept.split(";")[field.aspect.columns.findIndex((each) => each.code === field.part)] ?? "";
    if (field.aspect.widget === "pass") return kept === "true" ? "1" : "0";
    if (field.aspect.widget === "choice") return String(field.aspect.choices.findIndex((each) => each.code === kept) + 1);
    return kept;
  });
}

/** A mark in words, for two columns beside one another. */
export function words(aspect, mark) {
  if (!mark) return t("left empty");
  if (mark.outcome) return t("nothing to mark");
  if (aspect.widget === "defects") {
    return (mark.defects ?? []).map((each) => `${pick(aspect.defects.find((one) => one.code === each.code)?.title)} −${each.points}`)
      .join(", ") || t("No defects");
  }
  const kept = mark.raw ?? mark.value ?? "";
  if (aspect.widget === "pass") return kept === "true" ? t("Yes") : t("No");
  const choice = aspect.choices?.find((each) => each.code === kept);
  return choice ? pick(choice.title) || choice.code : `${kept} ${aspect.unit}`.trim();
}
