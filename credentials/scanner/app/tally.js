// A stack of papers: how many of each verdict, and which pictures were there before.

import { element } from "./shared/dom.js";
import { toneOf } from "./wording.js";
import { later, t } from "./words.js";

const ROWS = {
  good: ["✓", later("valid")], notice: ["◷", later("in public notice")], warn: ["!", later("to look at")],
  bad: ["✕", later("not to rely on")], idle: ["?", later("no certificate")],
};

export function tally() {
  const counts = new Map();
  const papers = new Map();
  const node = element("ul.tally");
  const total = () => [...counts.values()].reduce((sum, count) => sum + count, 0);

  function draw() {
    node.replaceChildren(...Object.entries(ROWS).map(([tone, [sign, words]]) =>
      element("li", { "data-tone": tone, "data-count": String(counts.get(tone) ?? 0) },
        element("span.sign", { "aria-hidden": "true" }, sign), element("b", {}, String(counts.get(tone) ?? 0)), ` ${t(words)}`)));
  }

  /** How often this text was in the stack before. */
  function add(text, verdict) {
    const before = papers.get(text) ?? 0;
    papers.set(text, before + 1);
    counts.set(toneOf(verdict), (counts.get(toneOf(verdict)) ?? 0) + 1);
    draw();
    return before;
  }

  function clear() {
    counts.clear();
    papers.clear();
    draw();
  }

  return { node, add, clear, draw, total };
}
