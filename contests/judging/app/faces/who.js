// Who is marking? Everybody who may use this tablet, by seat. Nothing of anybody's marks is shown.

import { show, showLater, toast } from "../app.js";
import * as beat from "../beat.js";
import { button, element, say } from "../shared/dom.js";
import * as people from "../people.js";
import { on } from "../signals.js";
import { current, t } from "../words.js";
import { pinFace } from "./pin.js";

export function who(root, enter) {
  const list = element("ul.choices.people");
  const note = element("p.notice", { hidden: true });
  root.append(element("main.panel.wide", {},
    element("h2", {}, t("Who is marking?")), note, list,
    element("div.answers", {}, button("quiet", { onclick: () => showLater(async () => (await import("./reset.js")).resetPin, () => show(who, enter)) }, t("Forgotten PIN")))));
  let [shown, asking] = ["", true];

  async function draw() {
    const found = await people.judges();
    const key = JSON.stringify([asking, current(), found.map((one) => [one.account, one.label, one.seats])]);
    if (key !== shown) {
      shown = key;
      list.replaceChildren(...found.map((person) => choice(person, enter)));
      if (found.length === 0) list.append(element("li.empty", {}, asking ? t("Opening …") : t("No judges are appointed for this tablet's contests yet.")));
    }
    say(note, beat.state.refusal);
    note.hidden = !beat.state.refusal;
    note.dataset.tone = "bad";
  }

  draw();
  people.refresh().catch((error) => error.name === "Offline" || toast(error.detail)).then(() => {
    asking = false;
    return draw();
  });
  const off = [on("people", draw), on("device", draw)];
  return { unmount: () => off.forEach((each) => each()) };
}

function choice(person, enter) {
  const pin = async () => show(pinFace, await fresh(person), enter, () => show(who, enter));
  return element("li", {}, button("choice.person", { onclick: pin, "data-account": person.account },
    element("b.seat", {}, people.seatOf(person) || "—"), element("span", {}, person.label)));
}

/** As the tablet knows him now: he may have signed in since the list was drawn. */
async function fresh(person) {
  return (await people.judges()).find((one) => one.account === person.account) ?? person;
}
