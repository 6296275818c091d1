// The app is open in another tab or window: two would sign in each other's way.

import { button, element } from "../shared/dom.js";
import { t } from "../words.js";

export function otherTab(root, take) {
  root.append(element("main.panel", {},
    element("h2", {}, t("Judging is open in another tab")),
    element("p", {}, t("Use that one, or go on here: the other one then stops. Nothing is lost.")),
    element("div.answers", {}, button("main", { id: "take-over", onclick: take }, t("Go on here")))));
}

export function takenOver(root) {
  root.append(element("main.panel", {},
    element("h2", {}, t("Judging goes on in another tab")),
    element("p", {}, t("Everything that was tapped here is saved.")),
    element("div.answers", {}, button("main", { onclick: () => location.reload() }, t("Go on here")))));
}
