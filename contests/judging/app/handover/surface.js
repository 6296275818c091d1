// A dialog over the whole screen, with a heading, a way out and room for one face at a time.

import { button, element } from "../shared/dom.js";
import { t } from "../words.js";

let styled = null;

/** The look comes with the first dialog: the shell does not carry it. */
function style() {
  styled ??= new Promise((resolve) => {
    const link = element("link", { rel: "stylesheet", href: new URL("handover.css", import.meta.url) });
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
    document.head.append(link);
  });
  return styled;
}

/** {show(face), close(), closed}: a face is {title, node, focus?, leave?()}; `closed` resolves once. */
export async function surface() {
  await style();
  const opener = document.activeElement;
  const heading = element("h2", { id: "handover-title", tabindex: "-1" });
  const body = element("div.handover-face");
  const back = button("quiet", { onclick: () => state.face?.back() }, `‹ ${t("Back")}`);
  const out = button("quiet", { onclick: () => close() }, t("Close"));
  const box = element("dialog.handover", { "aria-labelledby": heading.id },
    element("header", {}, back, heading, out), body);
  const state = { face: null };
  let ended;
  const closed = new Promise((resolve) => (ended = resolve));

  function show(face) {
    if (!box.isConnected) return;
    state.face?.leave?.();
    state.face = face;
    heading.textContent = face.title;
    back.hidden = !face.back;
    body.replaceChildren(face.node);
    heading.focus();
    face.enter?.();
  }

  const close = () => box.close();

  // Also when somebody else closes it: a shared tablet that locks itself closes every dialog.
  box.addEventListener("close", () => {
    state.face?.leave?.();
    state.face = null;
    box.remove();
    if (opener?.isConnected) opener.focus();
    ended();
  });
  document.body.append(box);
  box.showModal();
  return { show, close, closed };
}

/** A button that opens the file chooser; `chosen(files)`. */
export function fileButton(words, attributes, chosen) {
  const input = element("input.handover-unseen", { type: "file", ...attributes });
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) chosen(files);
  });
  return element("label.handover-file", {}, input, words);
}
