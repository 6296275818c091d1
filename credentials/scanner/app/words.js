// The words of the scanner in the reader's language; English is the key.

export const LANGUAGES = { "zh-Hans": "简体中文", "zh-Hant": "繁體中文", en: "English", pt: "Português" };

const COLUMNS = Object.keys(LANGUAGES).filter((code) => code !== "en");
const LOCALES = { "zh-Hans": "zh-CN", "zh-Hant": "zh-HK", en: "en-GB", pt: "pt-PT" };

let table = {};
let language = "en";

/** table: sentence -> [zh-Hans, zh-Hant, pt]; one file for all, so that a change needs no network. */
export const learn = (sentences) => (table = sentences);

export function choose(code) {
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

/** t("Pictures read: {n}", {n}): the sentence with its places filled. */
export function t(sentence, values = {}) {
  const words = table[sentence]?.[COLUMNS.indexOf(language)] || sentence;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Marks a sentence that is translated later: it answers it unchanged. */
export const later = (sentence) => sentence;

/** One name in several languages, as organisations write them. */
export function pick(text) {
  const found = [language, "zh-Hans", "zh-Hant", "en", "pt"].find((code) => text?.[code]);
  return found ? text[found] : "";
}

const CHINA = { timeZone: "Asia/Shanghai" };
const MOMENT = { ...CHINA, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false };
export const moment = (at) => new Intl.DateTimeFormat(LOCALES[language], MOMENT).format(at);
export const day = (at) => new Intl.DateTimeFormat(LOCALES[language], { ...CHINA, dateStyle: "long" }).format(at);

/** Signed text made safe to look at: no direction marks, nothing invisible, not endless. */
export function shown(text) {
  const kept = [...text.slice(0, 640).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}]/gu, "")];
  return kept.length <= 160 ? kept.join("") : `${kept.slice(0, 159).join("")}…`;
}
