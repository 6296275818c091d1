// The words of the tablet: the shared ones, and where its sentences come from.

import { speakIn } from "./shared/language.js";

export { LANGUAGES, current, later, pick, t, wished } from "./shared/language.js";

/** Speaks a language. `addresses`: one file of all languages, {sentence: [zh-Hans, zh-Hant, pt]}, or several after
 * spaces, of which only the first must be there; or one with {language} in it. English needs none. */
export async function choose(code, addresses) {
  const files = code === "en" ? [] : addresses.split(" ").map((address) => address.replace("{language}", code));
  speakIn(code, await Promise.all(files.map(load)));
}

async function load(address, n) {
  const reply = await fetch(address).catch(() => null);
  if (reply?.ok) return reply.json();
  if (n > 0) return {};
  throw new Error(`no words at ${address}`);
}
