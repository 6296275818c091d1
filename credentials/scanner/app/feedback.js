// A verdict that is felt or heard, for eyes that stay on the paper. Both are off until somebody wants them.

import { current } from "./words.js";

const PATTERNS = { good: [60], notice: [60, 60, 60], warn: [200, 100, 200], idle: [200, 100, 200], bad: [500] };

export const canVibrate = () => typeof navigator.vibrate === "function";
export const canSpeak = () => "speechSynthesis" in window && typeof SpeechSynthesisUtterance === "function";

export function feel(tone) {
  navigator.vibrate?.(PATTERNS[tone] ?? PATTERNS.idle);
}

/** The next one interrupts it: a stack goes faster than a voice. */
export function speak(words) {
  const said = new SpeechSynthesisUtterance(words);
  said.lang = { "zh-Hans": "zh-CN", "zh-Hant": "zh-HK", en: "en", pt: "pt-PT" }[current()];
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}
