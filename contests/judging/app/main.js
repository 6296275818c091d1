// The judge's page: which works there are, the sheet of the chosen one, sign and send.

import { element, button, say } from "./dom.js";
import { Session } from "./session.js";
import { card } from "./sheet.js";
import { confirmSigning, showReceipt } from "./dialogs.js";
import { choose, pick, t } from "./words.js";

const page = document.querySelector("#judging");
const settings = { ...page.dataset };
const session = new Session(settings);
const view = { cards: new Map() };

start().catch((error) => {
  page.querySelector("#loading").textContent = `${settings.failed} (${error.message})`;
});

async function start() {
  await choose(settings.language, settings.words);
  await session.load();
  session.changed = patch;
  document.querySelector("#language").addEventListener("change", changeLanguage);
  document.querySelector("#undo").addEventListener("click", () => session.undo());
  document.querySelector("#backup").addEventListener("click", () => session.backup());
  document.querySelector("#receipt").addEventListener("click", () => showReceipt(session));
  document.querySelector("#sign").addEventListener("click", sign);
  build();
  session.connect();
}

async function changeLanguage(event) {
  await choose(event.target.value, settings.words);
  await fetch(settings.languageAddress.replace("{language}", event.target.value)).catch(() => {});
  build();
}

/** Builds everything that depends on the language or on the chosen work. */
function build() {
  document.querySelector("#loading")?.remove();
  document.title = `${session.title()} · ${t("Judging")}`;
  say(document.querySelector("#contest-title"), session.title());
  say(document.querySelector("#who"), session.who());
  say(document.querySelector("#receipt"), t("Receipt"));
  say(document.querySelector("#undo span"), t("Undo"));
  say(document.querySelector("#backup span"), t("Export a copy"));
  buildModules();
  buildCodes();
  buildSheet();
  patch();
}

function buildModules() {
  const bar = document.querySelector("#modules");
  const parts = session.parts();
  bar.hidden = parts.length < 2;
  bar.replaceChildren(...parts.map((part) =>
    button("module", {
      "aria-pressed": String(part === session.part),
      onclick: () => open(part, null),
    }, element("b", {}, part.module.id), " ", pick(part.module.title))));
}

function buildCodes() {
  const list = document.querySelector("#codes");
  list.setAttribute("aria-label", t("Works"));
  view.codes = session.part.codes.map((work) => {
    const state = element("span.state");
    const node = button("work", { onclick: () => open(session.part, work) },
      element("b", {}, work.code), state);
    return { work, node, state };
  });
  list.replaceChildren(...view.codes.map(({ node }) => element("li", {}, node)));
}

async function open(part, work) {
  const changedPart = part !== session.part;
  await session.open(part, work);
  if (changedPart) {
    buildModules();
    buildCodes();
  }
  buildSheet();
  patch();
  document.querySelector("#sheet").scrollTo(0, 0);
  view.codes.find((each) => each.work === session.work)?.node
    .scrollIntoView({ block: "nearest", inline: "nearest" });
}

function buildSheet() {
  const sheet = document.querySelector("#sheet");
  view.cards.clear();
  if (!session.work) {
    sheet.replaceChildren(element("p.empty", {}, t("No works to mark here yet.")));
    return;
  }
  for (const aspect of session.aspects()) {
    view.cards.set(aspect.id, card(aspect, (mark) => session.mark(aspect.id, mark)));
  }
  view.notice = element("p.notice", { role: "status", hidden: true });
  view.headline = element("h2", {}, element("b", {}, session.work.code), " ", session.subtitle());
  const nodes = [...view.cards.values()].map((each) => each.node);
  sheet.replaceChildren(
    element("div.headline", {}, view.headline, view.notice),
    element("fieldset.cards", { disabled: session.locked() }, element("legend.unseen", {}, t("Marks")), nodes),
  );
}

/** Brings words and states up to date without replacing anything that can be tapped. */
function patch() {
  const done = session.part.codes.filter((work) => session.state(work) === "signed").length;
  say(document.querySelector("#progress"),
    t("Signed {done} of {all}", { done, all: session.part.codes.length }));
  for (const { work, node, state } of view.codes) {
    const [word, icon] = STATES[session.state(work)]();
    node.setAttribute("aria-current", String(work === session.work));
    node.dataset.state = session.state(work);
    if (state.dataset.word !== word) {
      state.dataset.word = word;
      state.replaceChildren(element("span", { "aria-hidden": "true" }, icon), element("span.unseen", {}, word));
    }
  }
  for (const [aspect, each] of view.cards) each.update(session.marks()[aspect] ?? null);
  patchFooter();
  patchPills();
}

const STATES = {
  open: () => [t("not marked"), ""],
  draft: () => [t("draft"), "…"],
  waiting: () => [t("signed, not sent yet"), "↑"],
  signed: () => [t("signed and stored"), "✓"],
  conflict: () => [t("conflict"), "!"],
  refused: () => [t("not accepted"), "!"],
};

function patchFooter() {
  const { marked, owed } = session.count();
  const sign = document.querySelector("#sign");
  const correcting = session.signedRow() && session.dirty();
  sign.disabled = !session.work || session.locked() || marked < owed
    || (session.signedRow() != null && !correcting);
  const words = correcting ? "Sign the correction ({marked}/{owed})" : "Sign and submit ({marked}/{owed})";
  say(sign, t(words, { marked, owed }));
  document.querySelector("#undo").disabled = !session.canUndo();
  const saved = document.querySelector("#saved");
  say(saved, session.saved ? `✓ ${t("Saved on this tablet")}` : t("Saving …"));
  document.querySelector("#receipt").hidden = !session.receiptRow();
  if (view.notice) {
    const words = session.notice();
    say(view.notice, words.text);
    view.notice.hidden = !words.text;
    view.notice.dataset.tone = words.tone;
  }
}

function patchPills() {
  const link = document.querySelector("#link");
  const online = session.link === "online";
  say(link, online ? `● ${t("Connected")}` : `○ ${t("No connection")}`);
  link.dataset.tone = online ? "good" : "warn";
  const queue = document.querySelector("#queue");
  say(queue, session.waiting === 0 ? t("All sent") : t("{n} to send", { n: session.waiting }));
  queue.dataset.tone = session.waiting === 0 ? "good" : "warn";
}

async function sign() {
  if (!(await confirmSigning(session))) return;
  const signed = session.work;
  await session.sign();
  const next = session.next(signed);
  if (next) await open(session.part, next);
  else patch();
}
