// Asks for one QR picture: by the camera, from a file, or typed.

import { element, say } from "../shared/dom.js";
import { t } from "../words.js";
import { surface } from "./surface.js";
import { viewfinder } from "./viewfinder.js";

/** Resolves with the text that `accept` took, or with "" when the dialog was closed.
 *
 * title: heading. accept(text): true, or a sentence that says why not and what to do; may be a promise.
 * typed: label of the field for typing the code, "" = no such field. hint: a sentence above all. */
export async function scan({ title, accept = () => true, typed = t("Or type the code"), hint = "" }) {
  const dialog = await surface();
  const state = { text: "", busy: false, refused: "" };
  const finder = viewfinder(offer);

  async function offer(text) {
    const value = text.trim();
    if (!value || state.busy || state.text || value === state.refused) return;
    state.busy = true;
    const answer = await accept(value);
    state.busy = false;
    if (answer === true) {
      state.text = value;
      dialog.close();
    } else {
      state.refused = value;
      say(problem, answer || t("This is not the right QR picture."));
    }
  }

  const field = element("input.handover-code", {
    id: "handover-code", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
  });
  const problem = element("p.handover-problem", { role: "alert" });
  const form = element("form.handover-typed", {},
    element("label", { for: "handover-code" }, typed), field,
    element("button.main", { type: "submit" }, t("Use this code")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    state.refused = "";
    offer(field.value);
  });

  dialog.show({
    title, enter: () => finder.start(), leave: () => finder.stop(),
    node: element("div.handover-scan", {}, hint && element("p", {}, hint), finder.node, problem, typed && form),
  });
  await dialog.closed;
  return state.text;
}
