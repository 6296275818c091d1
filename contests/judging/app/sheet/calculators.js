// The standard calculators, from a raw value to points, so that a judge sees the result without a
// network. The same as core/scoring/calculators.py; a test compares both over generated values.
// What a third party computes is the server's: `computed` says so.

import { rmseBands, toleranceBands } from "./bands.js";
import { ZERO, ceiling, compare, divided, exact, floor, least, most, over, positive, subtract, times }
  from "./fraction.js";

const COUNT = /^[0-9]+$/;

/** {points: fraction} | {unknown: true} | {unreadable: true}; `calculation` as in the pack. */
export function computed(calculation, raw) {
  const calculate = STANDARD[`${calculation.name} ${calculation.version}`];
  if (!calculate) return { unknown: true };
  const { parameters, maximum } = calculation;
  try {
    return { points: calculate(raw, { parameters, maximum: exact(maximum) }) };
  } catch {
    return { unreadable: true };
  }
}

export const within = (value, maximum) => most(ZERO, least(value, maximum));

/** A parameter; throws when it is absent without a default. */
export const number = (parameters, key, absent) => exact(parameters[key] ?? absent);

/** A number of points: as it stands, or per cent of the maximum. */
function points({ parameters, maximum }, key, absent) {
  const value = number(parameters, key, absent);
  return parameters.per === "percent" ? times(value, divided(maximum, [100n, 1n])) : value;
}

function count(raw) {
  if (!COUNT.test(raw)) throw new RangeError("not a count");
  return over(BigInt(raw));
}

function passFail(raw, given) {
  if (raw === "true") return given.maximum;
  if (raw !== "false") throw new RangeError("neither true nor false");
  const lost = "deduction" in given.parameters ? points(given, "deduction") : given.maximum;
  return within(subtract(given.maximum, lost), given.maximum);
}

function numberCompleted(raw, given) {
  const total = number(given.parameters, "total");
  const done = least(count(raw), total);
  const each = "each" in given.parameters ? points(given, "each") : divided(given.maximum, total);
  return within(times(done, each), given.maximum);
}

function choice(raw, given) {
  const key = `${raw}_deduction`;
  if (!(key in given.parameters)) throw new RangeError("not one of the choices");
  return within(subtract(given.maximum, points(given, key)), given.maximum);
}

/** Both ends belong to a range; the first that fits counts, outside all of them nothing. */
function rangedScore(raw, given) {
  const value = exact(raw);
  const ends = (name) => ["from", "to"].map((end) => given.parameters[`${name}_${end}`]);
  for (const name of ranges(given.parameters)) {
    const [low, high] = ends(name);
    const fits = (low == null || compare(value, exact(low)) >= 0)
      && (high == null || compare(value, exact(high)) <= 0);
    if (fits) return within(subtract(given.maximum, points(given, `${name}_deduction`)), given.maximum);
  }
  return ZERO;
}

function ranges(parameters) {
  const named = Object.keys(parameters)
    .map((key) => /^range([1-9][0-9]?)_(from|to|deduction)$/.exec(key)?.[1]).filter(Boolean);
  return [...new Set(named)].sort((a, b) => a - b).map((n) => `range${n}`);
}

function differenceDeduction(raw, given) {
  const { parameters, maximum } = given;
  const target = number(parameters, "target_value", "0");
  const difference = number(parameters, "difference");
  const relative = (parameters.difference_type ?? "UNIT") !== "UNIT";
  const step = relative ? divided(times(positive(target), difference), [100n, 1n]) : difference;
  const away = divided(positive(subtract(exact(raw), target)), step);
  const steps = parameters.counting === "started" ? ceiling(away) : floor(away);
  return within(subtract(maximum, times([steps, 1n], points(given, "deduction"))), maximum);
}

function perError(raw, given) {
  const { parameters, maximum } = given;
  if ("hit" in parameters) {
    const [hits, alarms, ...more] = raw.split(";");
    if (alarms == null || more.length) throw new RangeError("not two counts");
    const lost = times(count(alarms), points(given, "false_alarm", "0"));
    return within(subtract(times(count(hits), points(given, "hit")), lost), maximum);
  }
  const start = "start" in parameters ? points(given, "start") : maximum;
  return within(subtract(start, times(count(raw), points(given, "deduction"))), maximum);
}

const STANDARD = {
  "PASS_FAIL 1": passFail,
  "NUMBER_COMPLETED 1": numberCompleted,
  "CHOICE 1": choice,
  "RANGED_SCORE 1": rangedScore,
  "REGULAR_DIFFERENCE_DEDUCTION 1": differenceDeduction,
  "PER_ERROR 1": perError,
  "TOLERANCE_BANDS 1": toleranceBands,
  "RMSE_BANDS 1": rmseBands,
};
