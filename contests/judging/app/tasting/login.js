// The first page: the ten characters of the paper. Opening it uses nothing up; the button does.

import { button, element, say } from "../shared/dom.js";
import { t } from "../words.js";
import { settings } from "./settings.js";

const LENGTH = 10;

export function login(root, { code = "", words = "", enter }, page) {
  const field = element("input.code", {
    id: "code", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 20,
    value: code, "aria-describedby": "told", onkeydown: (event) => event.key === "Enter" && go(),
  });
  const told = element("p.notice", { id: "told", role: "alert", hidden: !words }, words);
  const start = button("main.big", { id: "enter", onclick: () => go() }, t("Begin"));
  root.append(settings(page), element("main.narrow", {},
    element("h1", {}, t("Tasting")),
    element("label", { for: "code" }, t("The ten characters on your paper")), field, told, start,
    element("p.hint", {}, t("Nobody but you sees your marks. You need no name and no password."))));

  function tell(sentence) {
    say(told, sentence);
    told.hidden = !sentence;
  }

  async function go() {
    const typed = field.value.normalize("NFKC").replace(/[\s-]/g, "");
    if (typed.length !== LENGTH) return tell(t("A code has ten characters."));
    tell("");
    start.disabled = true;
    try {
      return await enter(typed);
    } catch (error) {
      start.disabled = false;
      return tell(error.name === "Offline" ? t("There is no connection. Logging in needs one, once.") : error.detail || error.message);
    }
  }
}
