// A forgotten PIN: a leader enters his own on any tablet and gets a new first PIN for the judge.

import { api } from "../device.js";
import { button, element, say } from "../shared/dom.js";
import { pad } from "../pad.js";
import * as people from "../people.js";
import * as pins from "../pins.js";
import { t } from "../words.js";

export function resetPin(root, back, judge = null) {
  const chosen = { judge, leader: null };
  const panel = element("main.panel");
  root.append(panel);
  let keys = null;

  async function draw() {
    keys?.unmount();
    keys = null;
    const found = await people.judges();
    if (!chosen.judge) return choose(t("Whose PIN is forgotten?"), found, (one) => (chosen.judge = one));
    if (!chosen.leader) return choose(t("Which leader gives the new PIN?"), leaders(found), (one) => (chosen.leader = one));
    return ask();
  }

  const leaders = (found) => found.filter((one) => one.leader && one.account !== chosen.judge.account
    && one.seats.some((seat) => chosen.judge.seats.some((other) => other.contest === seat.contest)));

  function choose(title, found, pick) {
    panel.replaceChildren(element("h2", {}, title),
      element("ul.choices.people", {}, found.map((one) => element("li", {},
        button("choice.person", { onclick: () => { pick(one); draw(); } },
          element("b.seat", {}, people.seatOf(one) || "—"), element("span", {}, one.label))))),
      found.length ? "" : element("p", {}, t("No leader is appointed here. The control room can give a new PIN.")),
      leave());
  }

  const leave = () => element("div.answers", {}, button("quiet", { onclick: back }, t("Back")));

  function ask() {
    const told = element("p.notice", { role: "alert", hidden: true });
    keys = pad(async (pin) => {
      keys.busy(true);
      try {
        const body = { leader: chosen.leader.account, leader_pin: pin, account: chosen.judge.account };
        const answer = await api("tablet/pins", { method: "POST", body });
        await pins.forget(chosen.judge.account);
        return done(answer.pin);
      } catch (error) {
        say(told, error.name === "Offline" ? t("A new PIN needs a connection.") : error.detail || t("That PIN is not right."));
        Object.assign(told, { hidden: false }).dataset.tone = "bad";
        keys.busy(false);
        return keys.clear();
      }
    }, t("PIN"));
    panel.replaceChildren(element("h2", {}, t("{leader}: your PIN", { leader: chosen.leader.label })),
      element("p", {}, t("You give {judge} a new first PIN.", { judge: chosen.judge.label })), told, keys.node, leave());
    keys.node.focus();
  }

  function done(pin) {
    panel.replaceChildren(element("h2", {}, t("New first PIN for {judge}", { judge: chosen.judge.label })),
      element("p.code", { id: "new-pin" }, pin),
      element("p", {}, t("It is shown once. {judge} enters it and then chooses an own one.", { judge: chosen.judge.label })),
      element("div.answers", {}, button("main", { onclick: back }, t("Done"))));
  }

  draw();
  return { unmount: () => keys?.unmount() };
}
