// Something could not be opened: why, in words, and what to do.

import { button, element } from "../shared/dom.js";
import { t } from "../words.js";

export function trouble(root, error, { again, back }) {
  const offline = error.name === "Offline";
  const ours = !offline && error.status === undefined;
  const words = offline
    ? t("The sheets of this contest are not on this tablet yet. They need a connection once.")
    : ours ? t("The app could not be opened. Load the page again.")
    : error.status === 404 ? t("Marking has not started.") : error.detail;
  root.append(element("main.panel", {},
    element("h2", {}, offline ? t("No connection") : ours ? t("Needs attention") : t("Not open yet")),
    element("p", { role: "alert" }, words),
    ours ? element("p.mono", {}, String(error.message ?? error)) : "",
    element("div.answers", {},
      button("quiet", { onclick: back }, t("Back")),
      button("main", { onclick: again }, t("Try again")))));
}
