// Modal questions. The first answer that is safe gets the focus; Escape is always "nothing happens".

import { button, element } from "../shared/dom.js";

/** Shows `content`; answers: [[classes, words, value], …]. Resolves to the value, null for Escape.
 * `ready(finish, box)` may close it from within. */
export function dialog(title, content, answers, { className = "", ready = null } = {}) {
  return new Promise((resolve) => {
    const id = `dialog-${crypto.randomUUID()}`;
    const heading = title instanceof Node ? title : element("h2", {}, title);
    heading.id = id;
    heading.tabIndex = -1;
    const box = element(`dialog.sheet-dialog${className}`, { "aria-labelledby": id });
    const finish = (value) => {
      box.close();
      box.remove();
      resolve(value);
    };
    const row = element("div.answers", {}, answers.map(([classes, words, value]) =>
      button(classes, { onclick: () => finish(value) }, words)));
    box.append(heading, element("div.said", {}, content), row);
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    document.body.append(box);
    ready?.(finish, box);
    box.showModal();
    heading.focus();
  });
}

export const rowsTable = (rows, { classes = "" } = {}) =>
  element(`table${classes}`, {}, element("tbody", {}, rows.map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)))));
