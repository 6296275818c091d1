// A browser that is not enrolled yet: scan the code, type it, or log in on a browser of one's own.

import { toast } from "../app.js";
import * as device from "../device.js";
import { button, element, say } from "../shared/dom.js";
import { t } from "../words.js";

const LENGTH = 10;

/** `ready()` is called when this browser is enrolled. options: code to begin with, words to say first. */
export function start(root, ready, { code = "", words = "", login = true } = {}) {
  const field = element("input.code", {
    id: "enrol-code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 16,
    "aria-describedby": "enrol-told", value: code,
  });
  const told = element("p.notice", { id: "enrol-told", role: "alert", hidden: true });
  const go = button("main", { id: "enrol", onclick: () => enrol(field.value) }, t("Enrol this tablet"));
  const scan = button("main", { onclick: () => scanned(enrol) }, t("Scan the code"));
  field.addEventListener("keydown", (event) => event.key === "Enter" && enrol(field.value));
  root.append(element("main.panel", {},
    element("h2", {}, t("Enrol this tablet")),
    words ? element("p.notice", { "data-tone": "warn" }, words) : "",
    element("p", {}, t("The control room shows a QR code for each tablet. Scan it once; afterwards the tablet works for every judge of the contest.")),
    scan,
    element("p.or", {}, element("label", { for: "enrol-code" }, t("Or type the ten characters below it"))),
    element("div.row", {}, field, go), told,
    login ? element("p.own", {}, t("Your own browser?"), " ", element("a.quiet", { href: "/login?next=/judging/" }, t("Log in"))) : ""));
  if (code) enrol(code);

  function tell(sentence) {
    say(told, sentence);
    told.hidden = !sentence;
    told.dataset.tone = "bad";
  }

  async function enrol(text) {
    const typed = codeIn(text);
    field.value = typed;
    if (typed.length !== LENGTH) return tell(t("A code has ten characters."));
    tell("");
    go.disabled = true;
    try {
      await device.enrolShared(typed);
      history.replaceState(null, "", location.pathname);
      toast(t("This tablet is enrolled: {label}", { label: device.row().label }));
      return await ready();
    } catch (error) {
      return tell(error.name === "Offline" ? t("Enrolling needs a connection. Try again when there is one.") : detailOf(error));
    } finally {
      go.disabled = false;
    }
  }

  return null;
}

const detailOf = (error) => error.findings?.map((one) => one.detail).join(" ") || error.detail || error.message;

/** The code in what was scanned or typed: a link with #enrol=, or the characters themselves. */
export function codeIn(text) {
  const plain = text.normalize("NFKC").trim();
  const named = /[#&]enrol=([^&\s]+)/i.exec(plain);
  return (named ? named[1] : plain).toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
}

async function scanned(enrol) {
  try {
    const { scan } = await import("../handover/index.js");
    const accept = (text) => codeIn(text).length === LENGTH || t("A code has ten characters.");
    const found = await scan({ title: t("Scan the code"), accept });
    if (found) await enrol(found);
  } catch (error) {
    toast(error?.message || t("The camera could not be used. Type the code."));
  }
}
