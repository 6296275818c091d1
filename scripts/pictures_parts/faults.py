"""What can be seen to be wrong with a page that stands in a browser."""

from __future__ import annotations

from playwright.async_api import ConsoleMessage, Page, Request, Response

from tests.browser.kit import violations

FORBIDDEN = r"\b(hash(es)?|tokens?|keys?|JWS|DNS|DSQ)\b"
# Names of things that a Chinese reader of the console knows by their letters.
LATIN = (
    "Excel WPS CSV PDF JSON PNG JPEG SVG USB iPad xlsx xls csv zip pdf json Jiangxin English Português "
    "WorldSkills CIS SkillsRM demo GBA ISU UTF"
)

LOOK = """([forbidden, latin]) => {
  const shown = (e) => e.checkVisibility({visibilityProperty: true}) && !e.closest(".unseen, .skip");
  const words = (e) => (e.innerText || e.value || e.getAttribute("aria-label") || e.name || "").trim().slice(0, 50);
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  for (const e of all("button, .button, label, th, td, summary, .pill, legend, h1, h2, h3"))
    if (getComputedStyle(e).display !== "inline" && e.scrollWidth > e.clientWidth + 1)
      found.push(`cut off: ${e.localName} “${words(e)}” ${e.scrollWidth} > ${e.clientWidth}`);
  for (const e of all("a[href], button, summary, select, input:not([type=hidden])")) {
    const box = e.getBoundingClientRect();
    if (getComputedStyle(e).display !== "inline" && (box.width < 24 || box.height < 24))
      found.push(`small target: ${e.localName} “${words(e)}” ${Math.round(box.width)} × ${Math.round(box.height)}`);
  }
  const main = document.querySelector("main").innerText;
  for (const [word] of main.matchAll(new RegExp(forbidden, "gi"))) found.push(`forbidden word: ${word}`);
  if (root.lang.startsWith("zh")) {
    const known = new Set(latin.split(" "));
    const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const left = new Set();
    for (let node; (node = walk.nextNode()); ) {
      if (!shown(node.parentElement) || node.parentElement.closest("[lang=en], [lang=pt], code, textarea")) continue;
      for (const [word] of node.data.matchAll(/\\p{Script=Latin}{3,}/gu)) if (/[a-z]/.test(word) && !known.has(word)) left.add(word);
    }
    if (left.size) found.push(`not Chinese: ${[...left].slice(0, 12).join(" ")}`);
  }
  return found;
}"""


class Listening:
    """Hears what scripts and requests of a page complain of."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("console", self._console)
        page.on("requestfailed", self._failed)
        page.on("response", self._answer)

    def forget(self) -> None:
        self.complaints.clear()

    def _console(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.complaints.append(f"console: {line.text}")

    def _failed(self, request: Request) -> None:
        self.complaints.append(f"request failed: {request.url}")

    def _answer(self, answer: Response) -> None:
        if answer.status >= 400:
            self.complaints.append(f"{answer.status}: {answer.url}")


async def faults(page: Page) -> list[str]:
    """What a reader, a small screen or axe would stumble over."""
    found: list[str] = await page.evaluate(LOOK, [FORBIDDEN, LATIN])
    return found + [f"axe: {rule} {places[:3]}" for rule, places in await violations(page)]
