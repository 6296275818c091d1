// The words of the tablet in the reader's language; English is the key.

let catalogue = {};
let language = "en";

export async function choose(code, address) {
  const reply = await fetch(address.replace("{language}", code));
  if (!reply.ok) throw new Error(`no words for ${code}`);
  catalogue = await reply.json();
  language = code;
  document.documentElement.lang = code;
}

export const current = () => language;

/** t("Sign sheet {code}?", {code}) */
export function t(sentence, values = {}) {
  const words = catalogue[sentence] || sentence;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** One name in several languages, as organisers write them. */
export function pick(text) {
  const order = [language, "zh-Hans", "zh-Hant", "en", "pt"];
  const found = order.find((code) => text?.[code]);
  return found ? text[found] : "";
}
