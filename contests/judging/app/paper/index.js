// Typing sheets from paper: choose one, type it, see where two typings differ.

import { button, element, say } from "../shared/dom.js";
import { choose, pick, t } from "../words.js";
import { server } from "./server.js";
import { typingSheet } from "./sheet.js";

const root = document.querySelector("#typing");
const { contest, csrf, language, words, label } = root.dataset;
const api = server(contest, csrf);
const STEPS = () => ({
  open: [t("not typed"), "○"],
  first: [t("typed once: needs a second person"), "◐"],
  waiting: [t("you have typed it: another person is next"), "◑"],
  differs: [t("two typings differ"), "!"],
  agreed: [t("two typings agree"), "…"],
  stored: [t("stored"), "✓"],
});
const TO_DO = new Set(["open", "first", "differs", "agreed"]);

start().catch((error) => say(document.querySelector("#loading"), error.message));

async function start() {
  await choose(language, words);
  await list();
}

async function list(said = "") {
  const found = await api.list();
  const input = element("input.which", {
    id: "which", type: "text", autocomplete: "off", autocapitalize: "characters", enterkeyhint: "go",
    oninput: () => narrow(), onkeydown: (event) => event.key === "Enter" && go(event),
  });
  const all = element("input", { id: "all", type: "checkbox", onchange: () => narrow() });
  const status = element("p.said", { role: "status" }, said);
  const body = element("tbody");
  const heading = element("h1", {}, t("Type sheets from paper"));
  root.replaceChildren(
    element("header.bar", {}, element("a", { href: `/judging/paper/${contest}` }, `‹ ${t("Sheets on paper")}`),
      element("p", {}, `${pick(found.title)} · ${label}`)),
    element("main.list", {}, heading,
      found.open ? "" : element("p.notice", {}, t("Marking is not open: nothing can be typed now.")),
      element("label.big", { for: "which" }, t("Scan the QR code of the sheet, or type work and seat, like 07 J2")),
      element("div.ways", {}, input, button("camera", { onclick: camera }, t("Scan with the camera"))), status,
      element("p.tick", {}, all, element("label", { for: "all" }, t("Show those that are done too"))),
      element("table", {}, element("thead", {}, element("tr", {},
        [t("Module"), t("Work"), t("Seat"), t("State")].map((name) => element("th", { scope: "col" }, name)))), body)),
  );
  narrow();
  input.focus();

  function matching() {
    const typed = input.value.trim().normalize("NFKC").toLowerCase();
    const exact = found.sheets.filter((one) => one.sheet === typed);
    if (exact.length) return exact;
    const parts = typed.split(/[\s,;·/]+/).filter(Boolean);
    return found.sheets.filter((one) => (all.checked || typed || TO_DO.has(one.step))
      && parts.every((part) => [one.module, one.code, one.seat].some((each) => each.toLowerCase() === part
        || (/^\d+$/.test(part) && /^\d+$/.test(each) && Number(part) === Number(each)))));
  }

  function narrow() {
    const matched = matching();
    body.replaceChildren(...matched.slice(0, 200).map((one) => {
      const [state, icon] = STEPS()[one.step];
      const again = [one.attempt > 1 ? t("Attempt {n}", { n: one.attempt }) : "", one.round > 1 ? t("Round {n}", { n: one.round }) : ""];
      return element("tr", { "data-step": one.step },
        element("td", {}, one.module), element("td", {}, button("work", { onclick: () => open(one) }, one.code)),
        element("td", {}, [one.seat, ...again].filter(Boolean).join(" · ")), element("td", {}, `${icon} ${state}`));
    }));
    if (matched.length === 0) body.append(element("tr", {}, element("td", { colspan: 4 }, t("No sheet fits."))));
  }

  async function go(event) {
    event.preventDefault();
    const matched = matching();
    if (matched.length === 1) await open(matched[0]);
    else say(status, matched.length ? t("{n} sheets fit. Type the seat too.", { n: matched.length }) : t("No sheet fits."));
  }

  /** The camera's reader is large: it is loaded only when somebody asks for it. */
  async function camera() {
    const ids = new Map(found.sheets.map((one) => [one.sheet, one]));
    const accept = (text) => ids.has(text.toLowerCase()) || t("This is no sheet of this contest.");
    const { scan } = await import("../handover/index.js");
    const text = await scan({ title: t("Scan with the camera"), accept, typed: "" });
    if (text) await open(ids.get(text.toLowerCase()));
  }

  async function open(one) {
    say(status, "");
    try {
      typingSheet(root, api, await api.sheet(one.sheet), { label, back: (words = "") => list(words) });
    } catch (error) {
      say(status, error.message);
    }
  }
}
