// The words of the scanner: the shared ones, and how it writes days and signed text.

import { current, speakIn } from "./shared/language.js";

export { LANGUAGES, current, later, pick, t, wished } from "./shared/language.js";

const LOCALES = { "zh-Hans": "zh-CN", "zh-Hant": "zh-HK", en: "en-GB", pt: "pt-PT" };

let table = {};

/** table: sentence -> [zh-Hans, zh-Hant, pt]; one file for all, so that a change needs no network. */
export const learn = (sentences) => (table = sentences);

export const choose = (code) => speakIn(code, [table]);

const CHINA = { timeZone: "Asia/Shanghai" };
const MOMENT = { ...CHINA, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false };
export const moment = (at) => new Intl.DateTimeFormat(LOCALES[current()], MOMENT).format(at);
export const day = (at) => new Intl.DateTimeFormat(LOCALES[current()], { ...CHINA, dateStyle: "long" }).format(at);

/** Signed text made safe to look at: no direction marks, nothing invisible, not endless. */
export function shown(text) {
  const kept = [...text.slice(0, 640).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}]/gu, "")];
  return kept.length <= 160 ? kept.join("") : `${kept.slice(0, 159).join("")}…`;
}
