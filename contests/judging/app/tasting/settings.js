// Language and size of the text, at the top of every page.

import { button, element } from "../shared/dom.js";
import { current, LANGUAGES, t } from "../words.js";
import { nextSize } from "./size.js";

export function settings({ changeLanguage }, ...more) {
  const language = element("select", { "aria-label": t("Language"), onchange: () => changeLanguage(language.value) },
    Object.entries(LANGUAGES).map(([code, name]) => element("option", { value: code, lang: code, selected: code === current() }, name)));
  return element("header.top", {}, more, element("div.set", {},
    button("quiet.size", { "aria-label": t("Larger text"), onclick: () => nextSize() }, "A+"), language));
}
