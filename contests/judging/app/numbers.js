// Numbers on the sheet are whole thousandths (1.25 is 1250), as in the engine: never a float.

const DECIMAL = /^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,12})?$/;

/** "7.25" -> 7250; null for anything but plain digits with at most three decimals that count. */
export function milli(text) {
  if (!DECIMAL.test(text)) return null;
  const sign = text.startsWith("-") ? -1 : 1;
  const [whole, decimals = ""] = text.replace("-", "").split(".");
  if (/[1-9]/.test(decimals.slice(3))) return null;
  return sign * (Number(whole) * 1000 + Number(decimals.slice(0, 3).padEnd(3, "0")));
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
  return plain.includes(".") ? plain.replace(/\.?0+$/, "") : plain;
}
