// Check this tablet: fit or unfit, with the reason and the remedy of each.

import * as beat from "../beat.js";
import { button, element, say } from "../shared/dom.js";
import { check, names } from "../fitness.js";
import { t } from "../words.js";

export function fitnessFace(root, back) {
  const verdict = element("p.verdict", { role: "status" });
  const list = element("ul.checks");
  const again = button("main", { onclick: run }, t("Check again"));
  root.append(element("main.panel.wide", {}, element("h2", {}, t("Check this tablet")), verdict, list,
    element("div.answers", {}, button("quiet", { onclick: back }, t("Back")), again)));
  run();

  async function run() {
    again.disabled = true;
    say(verdict, t("Checking …"));
    verdict.dataset.tone = "";
    const rows = names().map((one) => ({ ...one, node: row(one.name) }));
    list.replaceChildren(...rows.map(({ node }) => node.line));
    const result = await check((n, outcome) => fill(rows[n], outcome));
    say(verdict, result.fit ? `✓ ${t("Fit: this tablet may judge.")}` : `✕ ${t("Unfit: do not judge with this tablet yet.")}`);
    verdict.dataset.tone = result.fit ? "good" : "bad";
    verdict.dataset.fit = String(result.fit);
    again.disabled = false;
    beat.now();
  }
}

function row(name) {
  const icon = element("span.icon", { "aria-hidden": "true" }, "…");
  const told = element("span.told");
  return { icon, told, line: element("li.check", {}, icon, element("b", {}, name), told) };
}

function fill({ node, remedy, advice, slug }, { ok, words }) {
  const state = ok === true ? "good" : ok === null ? "unknown" : advice ? "hint" : "bad";
  const icons = { good: "✓", unknown: "?", hint: "!", bad: "✕" };
  const spoken = { good: t("fit"), unknown: t("not known"), hint: t("worth knowing"), bad: t("unfit") };
  say(node.icon, icons[state]);
  node.line.dataset.state = state;
  node.line.dataset.check = slug;
  say(node.told, [`${spoken[state]}${words ? `: ${words}` : ""}`, state === "hint" || state === "bad" ? remedy : ""].filter(Boolean).join(". "));
}
