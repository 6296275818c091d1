// The shell's dialogs: a title, content and answers; Escape is "no".

import { button, element } from "./shared/dom.js";
import { t } from "./words.js";

let count = 0;

/** dialog(title, content, [[class, words, value], …]) resolves to the chosen value; null when it is left.
 * `opened(close)` lets the content close it itself. */
export function dialog(title, content, answers = [["quiet", t("Close"), null]], opened = () => {}) {
  return new Promise((resolve) => {
    count += 1;
    const heading = element("h2", { id: `shell-dialog-${count}` }, title);
    const box = element("dialog.shell-dialog", { "aria-labelledby": heading.id }, heading, content);
    const finish = (value) => {
      if (!box.isConnected) return;
      box.close();
      box.remove();
      open.delete(finish);
      resolve(value);
    };
    if (answers.length > 0) {
      box.append(element("div.answers", {}, answers.map(([style, words, value]) =>
        button(style, { onclick: () => finish(value) }, words))));
    }
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    document.body.append(box);
    open.add(finish);
    box.showModal();
    opened(finish, box);
  });
}

const open = new Set();

/** Leaves every dialog: the tablet is locked. */
export function closeDialogs() {
  for (const finish of [...open]) finish(null);
  for (const box of document.querySelectorAll("dialog")) {
    box.close?.();
    box.remove();
  }
}

export const isOpen = () => document.querySelector("dialog[open]") !== null;
