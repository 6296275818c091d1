// What an app says, in the reader's language; English is the key.

export const LANGUAGES = { "zh-Hans": "简体中文", "zh-Hant": "繁體中文", en: "English", pt: "Português" };

const COLUMNS = Object.keys(LANGUAGES).filter((code) => code !== "en");

let catalogue = {};
let language = "en";

/** From now on in this language. tables: {sentence: [zh-Hans, zh-Hant, pt]}, or {sentence: words} of one
 * language. English needs none. */
export function speakIn(code, tables) {
  const column = COLUMNS.indexOf(code);
  catalogue = {};
  for (const [sentence, words] of code === "en" ? [] : tables.flatMap(Object.entries)) {
    catalogue[sentence] = Array.isArray(words) ? words[column] : words;
  }
  language = code;
  document.documentElement.lang = code;
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

/** t("Sign sheet {code}?", {code}): the sentence with its places filled. */
export function t(sentence, values = {}) {
  const words = catalogue[sentence] || sentence;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Marks a sentence that is translated later: it answers it unchanged. */
export const later = (sentence) => sentence;

/** One name in several languages, as organisations write them. */
export function pick(text) {
  const found = [language, "zh-Hans", "zh-Hant", "en", "pt"].find((code) => text?.[code]);
  return found ? text[found] : "";
}
