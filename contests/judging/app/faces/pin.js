// The PIN of the one who says that it is him, on a pad of our own; a first PIN is changed at once.

import { button, element, say } from "../shared/dom.js";
import { show, showLater } from "../app.js";
import { pad } from "../pad.js";
import * as people from "../people.js";
import { t } from "../words.js";

export function pinFace(root, person, enter, back) {
  const steps = { old: "", fresh: "" };
  const title = element("h2", {}, element("b", {}, people.seatOf(person)), " ", person.label);
  const asked = element("p.asked", { id: "asked" }, t("Your PIN"));
  const told = element("p.notice", { role: "alert", hidden: true });
  const keys = pad(entered, t("PIN"));
  const forgotten = () => showLater(async () => (await import("./reset.js")).resetPin, () => show(pinFace, person, enter, back), person);
  root.append(element("main.panel.pin", {}, title, asked, told, keys.node,
    element("div.answers", {},
      button("quiet", { onclick: back }, t("Somebody else")),
      button("quiet", { onclick: forgotten }, t("Forgotten PIN")))));
  keys.node.focus();
  if (person.has_pin === false) tell(t("You have no PIN yet. A group leader or the control room gives you one."));

  function tell(words, tone = "bad") {
    say(told, words);
    told.hidden = !words;
    told.dataset.tone = tone;
  }

  async function entered(pin) {
    if (steps.old && !steps.fresh) return chosen(pin);
    if (steps.old && pin !== steps.fresh) {
      steps.fresh = "";
      keys.clear();
      say(asked, t("Choose your own PIN: six digits"));
      return tell(t("The two were not the same. Once more."));
    }
    keys.busy(true);
    const answer = await people.unlock(person, steps.old || pin, steps.fresh);
    keys.busy(false);
    if (!root.contains(keys.node)) return undefined;
    if (answer.in) return enter(person.admitted ? person : { ...person, admitted: true });
    keys.clear();
    return refused(answer, pin);
  }

  function chosen(pin) {
    keys.clear();
    if (pin === steps.old) return tell(t("Choose another one than the first PIN."));
    if (isSimple(pin)) return tell(t("Anybody would guess this PIN. Choose one without an order or repetition."));
    steps.fresh = pin;
    say(asked, t("The new PIN once more"));
    return tell("");
  }

  function refused(answer, pin) {
    if (answer.slug === "pin-must-change") {
      steps.old = pin;
      say(asked, t("Choose your own PIN: six digits"));
      return tell(t("The PIN was right. It was given to you by somebody else, so choose your own now."), "good");
    }
    if (answer.slug === "invalid") {
      steps.fresh = "";
      say(asked, t("Choose your own PIN: six digits"));
      return tell(answer.detail);
    }
    if (steps.old) Object.assign(steps, { old: "", fresh: "" });
    say(asked, t("Your PIN"));
    if (answer.wait) return tell(t("Too many wrong tries. Wait {minutes} minutes, or let a leader give you a new PIN.", { minutes: Math.ceil(answer.wait / 60) }));
    if (answer.offline) return tell(t("The first time on this tablet needs a connection. Try again when there is one."));
    if (answer.slug === "pin-wrong" && answer.left != null) return tell(t("That PIN is not right. Tries left: {n}.", { n: answer.left }));
    return tell(answer.detail || t("That PIN is not right."));
  }

  return { unmount: keys.unmount };
}

/** The server's rule, so that nobody types a refused PIN twice: two digits only, counting, a piece said again. */
export function isSimple(pin) {
  const steps = new Set([...pin].slice(1).map((digit, n) => (10 + Number(digit) - Number(pin[n])) % 10));
  return new Set(pin).size < 3 || steps.size === 1 || [2, 3].some((size) => pin === pin.slice(0, size).repeat(pin.length / size));
}
