// One verdict as it is seen: colour, sign and word together, then the signed content, then what to do now.

import { element } from "./shared/dom.js";
import { factsOf, lineOf, lookAlike, told } from "./wording.js";
import { t } from "./words.js";

/** again: how often this picture was on a paper of the stack before. */
export function card(verdict, again) {
  const said = told(verdict);
  const alike = lookAlike(verdict);
  return element("article.verdict", { "data-tone": said.tone, "data-state": verdict.state, "data-code": verdict.code },
    element("header", {}, element("span.sign", { "aria-hidden": "true" }, said.sign), element("h2", {}, said.word),
      element("p", {}, said.sentence)),
    again > 0 && element("p.again", {}, t("This picture was on an earlier paper of the stack. One certificate, two papers: compare both with the person.")),
    verdict.read?.key.demonstration && element("p.again", {}, t("Demonstration: nobody real holds this certificate.")),
    said.reason && element("p.reason", {}, said.reason),
    alike && hosts(alike),
    facts(verdict),
    line(verdict),
    element("p.advice", {}, said.advice),
    pageLink(verdict));
}

function facts(verdict) {
  const lines = factsOf(verdict);
  return lines.length > 0 && element("dl", {}, lines.map(([label, text, style]) =>
    element("div", {}, element("dt", {}, label), element("dd", style ? { class: style } : {}, text))));
}

/** What the holder opened of the score sheet: it leads to the root that the issuer signed. */
function line(verdict) {
  return verdict.line && element("section.line", {}, element("h3", {}, t("Opened line of the score sheet")),
    element("p", {}, t("This line is genuine: it leads to the root that the issuer signed in this certificate.")),
    element("dl", {}, lineOf(verdict).map(([label, text]) => element("div", {}, element("dt", {}, label), element("dd", {}, text)))));
}

/** The two addresses one above the other, so that the eye falls on the letter that differs. */
function hosts({ theirs, ours, words }) {
  const parts = theirs.map(({ text, differs }) => (differs && ours ? element("mark", {}, text) : text));
  return element("div.hosts", {},
    words && element("p", {}, words),
    element("dl", {},
      element("div", {}, element("dt", {}, t("In the picture")), element("dd.host", {}, parts)),
      ours && element("div", {}, element("dt", {}, t("Trusted")), element("dd.host", {}, ours))));
}

function pageLink({ place, read }) {
  const origin = place.origin || read?.key.home;
  if (!origin) return null;
  const href = `${origin}/c/${read?.printed.id ?? place.pathId}`;
  return element("a.quiet", { href, target: "_blank", rel: "noreferrer" }, t("Open its page (needs a network)"));
}
