// Bands of a tolerance and of a root mean square error: compared by squares, never roots. The same
// as core/scoring/bands.py.

import { number, within } from "./calculators.js";
import { ZERO, add, compare, divided, exact, over, positive, root, subtract, times } from "./fraction.js";

const MINIMUM_POINTS = "20";
const DECIMALS = "4";

export function toleranceBands(raw, { parameters, maximum }) {
  const away = positive(subtract(exact(raw), number(parameters, "target", "0")));
  const bands = bandsOf(parameters, maximum);
  if (parameters.mode === "linear") return within(between(bands, away), maximum);
  return within(bands.find(([limit]) => compare(away, limit) <= 0)?.[1] ?? ZERO, maximum);
}

export function rmseBands(raw, { parameters, maximum }) {
  const [total, n] = readRmse(raw);
  const least = whole(number(parameters, "minimum", MINIMUM_POINTS));
  if (n < least) throw new RangeError("too few differences");
  const divisor = over(n * (parameters.accuracy === "equal" ? 2n : 1n));
  const bands = bandsOf(parameters, maximum);
  if (parameters.mode === "linear") {
    const decimals = Number(whole(number(parameters, "decimals", DECIMALS)));
    return within(between(bands, root(divided(total, divisor), decimals)), maximum);
  }
  const held = bands.find(([limit]) => compare(total, times(divisor, times(limit, limit))) <= 0);
  return within(held?.[1] ?? ZERO, maximum);
}

/** √(Σd²/n) of a raw value, rounded half up: what is shown beside it. null when it can't be read. */
export function rmse(raw, { accuracy, decimals = 4 }) {
  try {
    const [total, n] = readRmse(raw);
    return root(divided(total, over(n * (accuracy === "equal" ? 2n : 1n))), decimals);
  } catch {
    return null;
  }
}

const whole = ([n, d]) => n / d;

function bandsOf(parameters, maximum) {
  const share = parameters.per === "percent" ? divided(maximum, [100n, 1n]) : [1n, 1n];
  return parameters.bands.map((band) => [number(band, "limit"), times(number(band, "points"), share)]);
}

function between(bands, away) {
  if (compare(away, bands[0][0]) <= 0) return bands[0][1];
  for (let i = 1; i < bands.length; i += 1) {
    const [[low, more], [high, less]] = [bands[i - 1], bands[i]];
    if (compare(away, high) > 0) continue;
    const gone = divided(subtract(away, low), subtract(high, low));
    return add(more, times(subtract(less, more), gone));
  }
  return ZERO;
}

function readRmse(raw) {
  const [total, n, ...more] = raw.split(";");
  if (more.length || !/^[0-9]+$/.test(n ?? "") || BigInt(n) === 0n) throw new RangeError("unreadable");
  const value = exact(total);
  if (value[0] < 0n) throw new RangeError("a sum of squares is never negative");
  return [value, BigInt(n)];
}
