// Numbers on the sheet are whole thousandths (1.25 is 1250), as in the engine: never a float. What is
// measured stays text, as long as it was typed.

const MILLI = /^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,3}0*)?$/;
const DECIMAL = /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?$/;

/** "7.25" -> 7250; null for anything but plain digits with at most three decimals that count. */
export function milli(text) {
  if (!MILLI.test(text)) return null;
  const sign = text.startsWith("-") ? -1 : 1;
  const [whole, decimals = ""] = text.replace("-", "").split(".");
  return sign * (Number(whole) * 1000 + Number(decimals.slice(0, 3).padEnd(3, "0"))) || 0;
}

/** 1250 -> "1.25" */
export function milliText(value) {
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  const decimals = String(size % 1000).padStart(3, "0").replace(/0+$/, "");
  return `${sign}${Math.floor(size / 1000)}${decimals && "."}${decimals}`;
}

/** What a person typed as the canonical decimal: full-width digits and a decimal comma are
 * understood and the caller shows the outcome. null when it is no number. */
export function typedDecimal(text) {
  let plain = text.trim().replace(/[。．]/g, ".").replace(/[，、]/g, ",").normalize("NFKC");
  plain = plain.replace(/[−﹣-]/g, "-").replace(/^\+/, "");
  if (!plain.includes(".") && plain.split(",").length === 2) plain = plain.replace(",", ".");
  if (plain.startsWith(".")) plain = `0${plain}`;
  if (!DECIMAL.test(plain)) return null;
  const short = plain.includes(".") ? plain.replace(/\.?0+$/, "") : plain;
  return short === "-0" ? "0" : short;
}

/** Seconds of a duration or a time of day: "754.5", "12:34.5", "1:02:03". null when it is none. */
export function typedSeconds(text) {
  const parts = text.trim().normalize("NFKC").replace(/：/g, ":").split(":")
    .map((part) => typedDecimal(part.trim().replace(/^0+(?=[0-9])/, "")));
  if (parts.length > 3 || parts.includes(null)) return null;
  if (parts.some((part) => part.startsWith("-"))) return null;
  if (parts.length === 1) return parts[0];
  const last = milli(parts.at(-1));
  const rest = parts.slice(0, -1).map((part) => (/^[0-9]{1,5}$/.test(part) ? Number(part) : NaN));
  if (last == null || last >= 60_000 || rest.some(Number.isNaN) || rest.slice(1).some((n) => n > 59)) return null;
  return milliText(rest.reduce((sum, n) => (sum + n) * 60, 0) * 1000 + last);
}

/** 754500 milliseconds -> "12:34.50"; hours only where there are any. */
export function clockText(milliseconds, decimals = 2) {
  const unit = 10 ** (3 - decimals);
  const kept = Math.floor(milliseconds / unit) * unit;
  const [h, m, s] = [Math.floor(kept / 3_600_000), Math.floor(kept / 60_000) % 60, Math.floor(kept / 1000) % 60];
  const part = decimals ? `.${String(kept % 1000).padStart(3, "0").slice(0, decimals)}` : "";
  const two = (n) => String(n).padStart(2, "0");
  return `${h ? `${h}:${two(m)}` : String(m)}:${two(s)}${part}`;
}
