// The words of the tablet in the reader's language; English is the key.

export const LANGUAGES = { "zh-Hans": "简体中文", "zh-Hant": "繁體中文", en: "English", pt: "Português" };

const COLUMNS = Object.keys(LANGUAGES).filter((code) => code !== "en");

let catalogue = {};
let language = "en";

/** Speaks a language. `addresses`: one file of all languages, {sentence: [zh-Hans, zh-Hant, pt]}, or several after
 * spaces, of which only the first must be there; or one with {language} in it. English needs none. */
export async function choose(code, addresses) {
  const column = COLUMNS.indexOf(code);
  const tables = code === "en" ? [] : await Promise.all(addresses.split(" ").map((address, n) => load(address.replace("{language}", code), n)));
  catalogue = {};
  for (const [sentence, words] of tables.flatMap(Object.entries)) {
    catalogue[sentence] = Array.isArray(words) ? words[column] : words;
  }
  language = code;
  document.documentElement.lang = code;
}

async function load(address, n) {
  const reply = await fetch(address).catch(() => null);
  if (reply?.ok) return reply.json();
  if (n > 0) return {};
  throw new Error(`no words at ${address}`);
}

export const current = () => language;

/** The language of ours that the reader's browser asks for first. */
export function wished(tags = navigator.languages ?? [navigator.language]) {
  for (const tag of tags) {
    const parts = tag.toLowerCase().split("-");
    const traditional = ["hant", "hk", "mo", "tw"].some((each) => parts.includes(each)) && !parts.includes("hans");
    if (parts[0] === "zh") return traditional ? "zh-Hant" : "zh-Hans";
    if (parts[0] === "yue") return "zh-Hant";
    if (parts[0] === "en" || parts[0] === "pt") return parts[0];
  }
  return "zh-Hans";
}

/** t("Sign sheet {code}?", {code}) */
export function t(sentence, values = {}) {
  const words = catalogue[sentence] || sentence;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Marks a sentence that is translated later: it answers it unchanged. */
export const later = (sentence) => sentence;

/** One name in several languages, as organisers write them. */
export function pick(text) {
  const order = [language, "zh-Hans", "zh-Hant", "en", "pt"];
  const found = order.find((code) => text?.[code]);
  return found ? text[found] : "";
}
