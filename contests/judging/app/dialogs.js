// The second of two deliberate taps, and the receipt.

import { button, element } from "./dom.js";
import { pick, t } from "./words.js";

/** Shows what is about to be signed; resolves to true when it is confirmed. */
export function confirmSigning(session) {
  const rows = session.aspects().map((aspect) => [
    `${aspect.id} ${pick(aspect.title)}`, markWords(aspect, session.marks()[aspect.id]),
  ]);
  return dialog(
    t("Sign sheet {code}?", { code: session.work.code }),
    [table(rows), element("p", {}, t("A signed sheet changes only by a signed correction."))],
    [["quiet", t("Back"), false], ["main", t("Sign now"), true]],
  );
}

/** The server's answer to the revision that counts, in words. */
export function showReceipt(session) {
  const row = session.receiptRow();
  const time = new Date(row.received ?? row.at).toLocaleString(document.documentElement.lang);
  const rows = [
    [t("Work"), session.work.code],
    [t("Place in the record"), row.logSeq ? t("No. {n}", { n: row.logSeq }) : "—"],
    [t("Received"), time],
    [t("Answer"), row.words ?? ""],
  ];
  const more = element("details", {}, element("summary", {}, t("Details")),
    element("p.mono", {}, row.receipt ?? ""));
  return dialog(t("Receipt"), [table(rows), row.receipt ? more : ""], [["main", t("Close"), true]]);
}

function dialog(title, content, answers) {
  return new Promise((resolve) => {
    const heading = element("h2", { id: "dialog-title" }, title);
    const box = element("dialog", { "aria-labelledby": "dialog-title" }, heading, content);
    const finish = (value) => {
      box.close();
      box.remove();
      resolve(value);
    };
    box.append(element("div.answers", {}, answers.map(([style, words, value]) =>
      button(style, { onclick: () => finish(value) }, words))));
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(false);
    });
    document.body.append(box);
    box.showModal();
  });
}

const table = (rows) =>
  element("table", {}, element("tbody", {}, rows.map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)))));

export function markWords(aspect, mark) {
  if (!mark) return t("unmarked");
  if (mark.outcome) return t("Nothing to mark");
  if (mark.defects) return mark.defects.length ? mark.defects.map((d) => `−${d.points}`).join(" ") : t("No defects");
  if (mark.raw === "true") return t("Yes");
  if (mark.raw === "false") return t("No");
  const choice = aspect.choices?.find((each) => each.code === mark.raw);
  if (choice) return pick(choice.title) || choice.code;
  return mark.raw != null ? `${mark.raw} ${aspect.unit ?? ""}`.trim() : mark.value;
}
