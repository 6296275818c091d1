// Messages from the control room, and a word back.

import { app, toast } from "../app.js";
import * as beat from "../beat.js";
import { dialog } from "../dialog.js";
import { button, element } from "../shared/dom.js";
import * as people from "../people.js";
import { clockTime } from "../bar.js";
import { t } from "../words.js";

const LONGEST = 280;

export async function messages() {
  const list = element("ul.messages");
  const draw = () => list.replaceChildren(...beat.state.messages.toReversed().map((one) => element("li", { "data-tone": one.tone ?? "" },
    element("p", {}, element("small", {}, clockTime(one.at)), " ", one.text),
    one.read ? "" : button("quiet", { onclick: () => { beat.read(one.id); draw(); } }, t("Read")))));
  draw();
  const field = element("input.note", { id: "message-text", maxlength: LONGEST, autocomplete: "off" });
  const send = async () => {
    const text = field.value.trim();
    const contest = app.session?.contest ?? (await people.contests())[0]?.id;
    if (!text || !contest) return;
    try {
      await beat.write(text, contest);
      field.value = "";
      toast(t("The control room has it."));
    } catch (error) {
      toast(error.name === "Offline" ? t("A message needs a connection.") : error.detail);
    }
  };
  return dialog(t("Messages"), [
    beat.state.messages.length ? list : element("p", {}, t("No messages.")),
    element("label", { for: "message-text" }, t("To the control room")),
    element("div.row", {}, field, button("quiet", { onclick: send }, t("Send"))),
  ]);
}
