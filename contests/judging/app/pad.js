// A number pad of our own: a PIN needs no keyboard, and a keyboard works too.

import { button, element, say } from "./shared/dom.js";
import { t } from "./words.js";

export const PIN_LENGTH = 6;

/** {node, clear(), busy(on)}; `entered(pin)` is called with the last digit. */
export function pad(entered, label) {
  let digits = "";
  let waiting = false;
  const dots = element("p.dots", { "aria-hidden": "true" });
  const told = element("p.unseen", { role: "status" });
  const draw = () => {
    say(dots, "●".repeat(digits.length) + "○".repeat(PIN_LENGTH - digits.length));
    say(told, digits.length ? t("{n} of {all} digits", { n: digits.length, all: PIN_LENGTH }) : "");
  };
  const press = (digit) => {
    if (waiting || digits.length >= PIN_LENGTH) return;
    digits += digit;
    draw();
    if (digits.length === PIN_LENGTH) entered(digits);
  };
  const back = () => {
    if (waiting) return;
    digits = digits.slice(0, -1);
    draw();
  };
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) =>
    button("key", { onclick: () => press(digit) }, digit));
  const node = element("div.pad", { role: "group", "aria-label": label, tabindex: "-1" },
    dots, told,
    element("div.keys", {}, keys, element("span"), button("key", { onclick: () => press("0") }, "0"),
      button("key", { onclick: back, "aria-label": t("Delete the last digit") }, "⌫")));
  const typed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !node.isConnected) return;
    const covered = document.querySelector("dialog[open]");
    if (covered && !covered.contains(node)) return;
    const digit = event.key.normalize("NFKC");
    if (/^[0-9]$/.test(digit)) press(digit);
    else if (event.key === "Backspace") back();
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", typed);
  draw();
  return {
    node,
    clear() {
      digits = "";
      draw();
    },
    busy(on) {
      waiting = on;
      node.classList.toggle("busy", on);
    },
    unmount: () => document.removeEventListener("keydown", typed),
  };
}
