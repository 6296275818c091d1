// Large text: everything is measured in rem, so the root's size is the text's.

import * as store from "../store.js";

const SIZES = ["100%", "125%", "150%"];
const state = { at: 0 };

export async function applySize() {
  state.at = Math.max(0, SIZES.indexOf(await store.meta("text").catch(() => "")));
  document.documentElement.style.fontSize = SIZES[state.at];
}

/** The next size, and the smallest again after the largest. */
export async function nextSize() {
  state.at = (state.at + 1) % SIZES.length;
  document.documentElement.style.fontSize = SIZES[state.at];
  await store.saveMeta("text", SIZES[state.at]);
}
