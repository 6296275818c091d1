// A row of values of which one is chosen: one tap each, arrow keys between them, and a second tap on
// the neighbour within 300 ms asks which one was meant.

import { button, element } from "../../shared/dom.js";
import { t } from "../../words.js";
import { dialog } from "../dialogs.js";
import { named } from "../naming.js";

const QUICK = 300;

/** The last tap on any value: a slip is the second of two taps, with nothing between them. */
const last = { row: null, n: -1, at: -QUICK };

/** items: [{text, help, name, wide}]; `chosen(n)` is called on a deliberate choice.
 * {node, nodes, update(n), allow(n, possible)} */
export function choices(aspect, items, chosen, { classes = "chips", label = "" } = {}) {
  const nodes = items.map((item, n) => chip(aspect, item, (event) => tapped(n, event)));
  const node = element(`div.${classes}`, {
    role: "radiogroup", "aria-label": named(label, aspect), onkeydown: (event) => walk(event, nodes, items),
  }, nodes);

  function tapped(n, event) {
    const before = { ...last };
    Object.assign(last, { row: node, n, at: event.timeStamp });
    const neighbours = before.row === node && Math.abs(before.n - n) === 1 && event.timeStamp - before.at < QUICK;
    // A key or a screen reader never slips: only a finger does.
    if (neighbours && event.detail > 0) return askWhich(aspect, items, [before.n, n], chosen);
    return chosen(n);
  }

  return {
    node,
    nodes,
    update(n) {
      nodes.forEach((each, i) => each.setAttribute("aria-checked", String(i === n)));
      const reachable = nodes.findIndex((each, i) => i === n && !each.disabled);
      const entry = reachable >= 0 ? reachable : nodes.findIndex((each) => !each.disabled);
      nodes.forEach((each, i) => (each.tabIndex = i === entry ? 0 : -1));
    },
    allow: (n, possible) => (nodes[n].disabled = !possible),
  };
}

function chip(aspect, item, onclick) {
  const name = [item.text, item.help].filter(Boolean).join(" ");
  return button(`chip${item.wide ? ".wide" : ""}${item.classes ?? ""}`, {
    role: "radio", "aria-checked": "false", "aria-label": named(item.name ?? name, aspect), tabindex: -1, onclick,
  }, element("span.shown", {}, item.text), item.help ? element("small", {}, item.help) : "");
}

async function askWhich(aspect, items, pair, chosen) {
  const answer = await dialog(
    t("Two values were tapped at nearly the same time. Which one is meant?"),
    element("p", {}, named("", aspect)),
    pair.map((n) => ["main.which", [items[n].text, items[n].help].filter(Boolean).join(" "), n]),
  );
  if (answer != null) chosen(answer);
}

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Arrow keys move without choosing: a mark is only given by Space, Enter or its own digit. */
function walk(event, nodes, items) {
  const here = nodes.indexOf(event.target);
  if (event.altKey || event.ctrlKey || event.metaKey || here < 0) return;
  const digit = items.findIndex((item, n) => item.text.replace("+", "") === event.key && !nodes[n].disabled);
  if (digit >= 0) {
    event.preventDefault();
    nodes[digit].focus();
    return void nodes[digit].click();
  }
  const step = STEPS[event.key];
  const to = event.key === "Home" ? 0 : event.key === "End" ? nodes.length - 1 : step ? here + step : -1;
  const way = event.key === "End" ? -1 : event.key === "Home" ? 1 : step;
  const target = reachable(nodes, to, way);
  if (!target) return;
  event.preventDefault();
  for (const node of nodes) node.tabIndex = node === target ? 0 : -1;
  target.focus();
}

function reachable(nodes, from, way) {
  for (let n = from; n >= 0 && n < nodes.length; n += way) if (!nodes[n].disabled) return nodes[n];
  return null;
}
