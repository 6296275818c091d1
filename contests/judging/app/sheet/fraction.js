// Exact numbers of any size, as the engine's: a fraction of two BigInts in lowest terms, [n, d].

const LONG = /^-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?$/;
const RATIO = /^-?(0|[1-9][0-9]{0,40})\/[1-9][0-9]{0,40}$/;

export const ZERO = [0n, 1n];

export function over(n, d = 1n) {
  const sign = d < 0n ? -1n : 1n;
  const shared = common(n < 0n ? -n : n, d < 0n ? -d : d) || 1n;
  return [(sign * n) / shared, (sign * d) / shared];
}

function common(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

/** A strict decimal ("1.25") or ratio ("2/3"); throws for anything else. */
export function exact(text) {
  if (typeof text !== "string") throw new RangeError("a number is missing");
  if (RATIO.test(text)) {
    const [n, d] = text.split("/");
    return over(BigInt(n), BigInt(d));
  }
  if (!LONG.test(text)) throw new RangeError(`${text.slice(0, 40)} is not a decimal number`);
  const [whole, decimals = ""] = text.replace("-", "").split(".");
  const size = BigInt(whole + decimals);
  return over(text.startsWith("-") ? -size : size, 10n ** BigInt(decimals.length));
}

export const add = ([a, b], [c, d]) => over(a * d + c * b, b * d);
export const subtract = ([a, b], [c, d]) => over(a * d - c * b, b * d);
export const times = ([a, b], [c, d]) => over(a * c, b * d);
export const divided = ([a, b], [c, d]) => over(a * d, b * c);
export const positive = ([n, d]) => [n < 0n ? -n : n, d];
export const compare = ([a, b], [c, d]) => (a * d < c * b ? -1 : a * d > c * b ? 1 : 0);
export const least = (a, b) => (compare(a, b) <= 0 ? a : b);
export const most = (a, b) => (compare(a, b) >= 0 ? a : b);

/** The whole number below, and above. */
export const floor = ([n, d]) => (n >= 0n || n % d === 0n ? n / d : n / d - 1n);
export const ceiling = ([n, d]) => -floor([-n, d]);

/** A square root rounded half up to so many decimals, by whole numbers alone. */
export function root([n, d], decimals) {
  const scaled = (n * 4n * 100n ** BigInt(decimals)) / d;
  return over((wholeRoot(scaled) + 1n) / 2n, 10n ** BigInt(decimals));
}

function wholeRoot(value) {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** "7.25"; where the decimals never end, or are more than `decimals`, rounded half up: "≈ 6.67". */
export function shownText(value, decimals = 2) {
  const text = decimalText(value);
  if (!text.includes("/") && (text.split(".")[1] ?? "").length <= Math.max(decimals, 3)) return text;
  return `≈ ${rounded(value, decimals)}`;
}

function rounded([n, d], decimals) {
  const scale = 10n ** BigInt(decimals);
  const size = n < 0n ? -n : n;
  const digits = String((2n * size * scale + d) / (2n * d)).padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  return `${n < 0n ? "-" : ""}${digits.slice(0, point)}${decimals ? "." : ""}${digits.slice(point)}`;
}

/** The shortest exact text: a decimal where there is one, else "n/d". */
export function decimalText([n, d]) {
  let [rest, decimals] = [d, 0];
  while (rest % 10n === 0n) [rest, decimals] = [rest / 10n, decimals + 1];
  let [twos, fives] = [0, 0];
  while (rest % 2n === 0n) [rest, twos] = [rest / 2n, twos + 1];
  while (rest % 5n === 0n) [rest, fives] = [rest / 5n, fives + 1];
  if (rest !== 1n) return `${n}/${d}`;
  decimals += Math.max(twos, fives);
  if (decimals === 0) return String(n);
  const size = ((n < 0n ? -n : n) * 10n ** BigInt(decimals)) / d;
  const digits = String(size).padStart(decimals + 1, "0");
  return `${n < 0n ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
