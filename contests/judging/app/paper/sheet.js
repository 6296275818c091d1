// One sheet of paper: a field at a time on a big pad, the picture beside it, then what another person typed.

import { button, element, say } from "../shared/dom.js";
import { pick, t } from "../words.js";
import { fieldsOf, marksOf, MISSING, textsOf, words } from "./fields.js";

const PAD = ["7", "8", "9", "4", "5", "6", "1", "2", "3", ".", "0", "⌫"];

export function typingSheet(root, api, answer, { label, back }) {
  const { sheet, aspects } = answer;
  const fields = fieldsOf(aspects);
  const state = { texts: textsOf(fields, answer.marks), at: 0, scan: answer.scan, different: answer.differences, busy: false };
  const view = {};
  document.addEventListener("keydown", key);
  build();
  if (sheet.step !== "open") show(answer);
  state.at = firstOpen();
  patch();

  // --- what is on the screen ---

  function build() {
    view.status = element("p.said", { role: "status" });
    view.title = element("h2");
    view.hint = element("p.hint");
    view.value = element("output.typed", { "aria-live": "polite" });
    view.wrong = element("p.wrong", { role: "alert" });
    view.extra = [button("key.wide", { onclick: () => type("+") }, "+"), button("key.wide", { onclick: () => type(":") }, ":"),
      button("key.wide", { onclick: () => type("-") }, "−")];
    view.rows = fields.map((field, n) => {
      const value = element("td.value");
      const node = element("tr", {}, element("th", { scope: "row" }, String(field.number)),
        element("td", {}, button("pick", { onclick: () => move(n) }, field.title)), value);
      return { node, value };
    });
    view.save = button("main", { onclick: save }, t("Save what I typed"));
    view.picture = element("div.picture");
    view.cells = element("div.cells");
    root.replaceChildren(
      element("header.bar", {}, button("back", { onclick: () => leave() }, `‹ ${t("Other sheets")}`),
        element("h1", {}, element("b.code", {}, sheet.code), ` ${sheet.seat} · ${sheet.module} ${pick(answer.module_title)}`),
        element("p", {}, label)),
      element("main.typing", {}, view.cells,
        element("section.pad", { "aria-label": t("Number pad") },
          view.title, view.hint, view.value, view.wrong,
          element("div.keys", {}, PAD.map((each) => button("key", { "aria-label": NAMES()[each] ?? each, onclick: () => type(each) }, each)),
            view.extra,
            button("key.wide", { onclick: missing }, t("Nothing to mark")),
            button("key.next", { onclick: next }, `${t("Next")} ↵`))),
        element("section.sheet", { "aria-label": t("Sheet") },
          element("table", {}, element("tbody", {}, view.rows.map((each) => each.node))), view.save, view.status),
        element("section.scan", { "aria-label": t("Picture of the sheet") }, pictureChoice(), view.picture)),
    );
    picture();
  }

  function pictureChoice() {
    const input = element("input", { type: "file", id: "scan", accept: "image/jpeg,image/png", onchange: () => upload(input.files[0]) });
    return element("p", {}, element("label.button", { for: "scan" }, t("Add a picture of the sheet")), input);
  }

  function picture() {
    view.picture.replaceChildren(state.scan
      ? button("zoom", { "aria-pressed": "false", onclick: (event) => zoom(event.currentTarget) },
        element("img", { src: api.scan(state.scan), alt: t("Picture of the sheet") }))
      : element("p.hint", {}, t("No picture yet. It is kept with the record.")));
  }

  function zoom(node) {
    node.setAttribute("aria-pressed", String(view.picture.classList.toggle("large")));
  }

  function patch() {
    const field = fields[state.at];
    const done = state.at >= fields.length;
    say(view.title, done ? t("All typed. Compare once with the paper, then save.") : `${field.number}. ${field.title}`);
    say(view.hint, done ? "" : [field.hint, field.single ? t("one digit") : ""].filter(Boolean).join(" · "));
    say(view.value, done ? "✓" : shown(state.texts[state.at] ?? ""));
    view.extra[0].hidden = done || !field.many;
    view.extra[1].hidden = done || !field.colon;
    view.extra[2].hidden = done || !field.signed;
    view.rows.forEach(({ node, value }, n) => {
      say(value, state.texts[n] == null ? "" : fields[n].optional && state.texts[n] === "" ? "0" : shown(state.texts[n]));
      node.classList.toggle("here", n === state.at);
      node.classList.toggle("differs", state.different.some((cell) => cell.aspect === fields[n].aspect.id));
    });
    view.rows[state.at]?.node.scrollIntoView({ block: "nearest" });
    view.save.disabled = state.busy || firstOpen() < fields.length;
    cells();
  }

  /** The comma of the paper is shown as the point that is stored. */
  function shown(text) {
    return text === MISSING ? t("nothing to mark") : text.normalize("NFKC").replace(/[,，、。]/g, ".");
  }

  function cells() {
    if (state.different.length === 0) return view.cells.replaceChildren();
    const rows = state.different.map((cell) => {
      const aspect = aspects.find((each) => each.id === cell.aspect);
      return element("tr", {}, element("th", { scope: "row" }, `${aspect.id} ${pick(aspect.title)}`),
        element("td", {}, words(aspect, cell.mine)), element("td", {}, words(aspect, cell.theirs)),
        element("td", {}, button("again", { onclick: () => retype(cell.aspect) }, t("Mine was wrong"))));
    });
    return view.cells.replaceChildren(
      element("h2", {}, t("Here two typings differ. Look at the paper: who was wrong types again.")),
      element("table.differs", {}, element("thead", {}, element("tr", {},
        [t("Aspect"), t("Yours"), t("The other person's")].map((name) => element("th", { scope: "col" }, name)), element("td"))),
      element("tbody", {}, rows)));
  }

  // --- typing ---

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !view.title.isConnected) return;
    const plain = event.key.normalize("NFKC");
    if (/^[0-9.,:+-]$/.test(plain) || event.key === "。") type(plain === "," || event.key === "。" ? "." : plain);
    else if (event.key === "Backspace") type("⌫");
    else if (plain === "x" || plain === "X" || plain === "*") missing();
    else if (event.key === "ArrowUp") move(Math.max(0, state.at - 1));
    else if (event.key === "ArrowDown" || (event.key === "Enter" && notAButton(event))) next();
    else return;
    event.preventDefault();
  }

  function notAButton(event) {
    return !["BUTTON", "A", "INPUT"].includes(event.target.tagName);
  }

  function type(character) {
    const field = fields[state.at];
    if (!field) return character === "⌫" ? move(fields.length - 1) : undefined;
    say(view.wrong, "");
    say(view.status, "");
    const kept = state.fresh || state.texts[state.at] === MISSING ? "" : state.texts[state.at] ?? "";
    if (character === "⌫") {
      if (!kept && !state.fresh) return move(Math.max(0, state.at - 1));
      state.texts[state.at] = kept.slice(0, -1) || null;
    } else {
      state.texts[state.at] = (kept + character).slice(0, 40);
    }
    state.fresh = false;
    if (field.single && state.texts[state.at]) return next();
    return patch();
  }

  function next() {
    const field = fields[state.at];
    if (!field) return view.save.disabled ? move(firstOpen()) : save();
    const text = state.texts[state.at];
    if (field.optional && !text) state.texts[state.at] = "";
    else if (!text) return complain(t("Type what the paper says."));
    else if (text !== MISSING) {
      const { wrong } = field.read(text);
      if (wrong) {
        state.texts[state.at] = null;
        return complain(wrong);
      }
    }
    return move(state.correcting ? firstOpen() : state.at + 1);
  }

  function complain(sentence) {
    patch();
    say(view.wrong, sentence);
  }

  function missing() {
    const field = fields[state.at];
    if (!field) return;
    fields.forEach((each, n) => {
      if (each.aspect === field.aspect) state.texts[n] = MISSING;
    });
    const after = fields.findIndex((each, n) => n > state.at && each.aspect !== field.aspect);
    move(after < 0 ? fields.length : after);
  }

  function move(to) {
    state.at = to;
    state.fresh = true; // the first digit replaces what stood there
    say(view.wrong, "");
    patch();
  }

  function retype(aspect) {
    fields.forEach((field, n) => {
      if (field.aspect.id === aspect) state.texts[n] = null;
    });
    state.correcting = true;
    move(firstOpen());
  }

  function firstOpen() {
    const at = state.texts.indexOf(null);
    return at < 0 ? fields.length : at;
  }

  // --- keeping ---

  async function upload(file) {
    if (!file) return;
    say(view.status, t("Keeping the picture …"));
    try {
      state.scan = (await api.upload(file)).sha256;
      say(view.status, t("The picture is kept."));
      picture();
    } catch (error) {
      say(view.status, error.message);
    }
  }

  async function save() {
    if (state.busy) return;
    state.busy = true;
    patch();
    try {
      const found = await api.type(sheet.sheet, marksOf(fields, state.texts), state.scan);
      state.busy = false;
      show(found);
    } catch (error) {
      state.busy = false;
      patch();
      say(view.status, error.name === "TimeoutError" || error.name === "TypeError"
        ? t("The server did not answer. Save again: nothing is entered twice.") : error.message);
    }
  }

  function show(found) {
    state.different = found.differences;
    if (found.scan && found.scan !== state.scan) {
      state.scan = found.scan;
      picture();
    }
    const { step } = found.sheet;
    if (step === "stored" && found.answer) return leave(storedWords(found));
    if (step === "waiting" && found !== answer) {
      return leave(t("Kept. Another person types work {code} of {seat} now.", { code: sheet.code, seat: sheet.seat }));
    }
    state.correcting = step === "differs";
    if (state.correcting) scrollTo(0, 0);
    say(view.status, sentences(found)[step] ?? "");
    return patch();
  }

  function sentences(found) {
    return {
      first: t("Another person has typed this sheet. You don't see what."),
      waiting: t("You have typed this sheet. Another person types it now."),
      differs: t("Two typings differ."),
      stored: found.seq ? t("Stored already as No. {n}. What you type is put beside it.", { n: found.seq }) : "",
    };
  }

  function storedWords(found) {
    if (found.answer === "conflict") return t("Work {code} of {seat}: another sheet is on record. Both are kept; the group leader decides.", { code: sheet.code, seat: sheet.seat });
    if (found.answer === "accepted" || found.answer === "duplicate") return t("Work {code} of {seat}: both typings agree. Stored as No. {n}.", { code: sheet.code, seat: sheet.seat, n: found.seq });
    return t("Work {code} of {seat} was not taken. It is kept for the chief referee.", { code: sheet.code, seat: sheet.seat });
  }

  function leave(sentence = "") {
    document.removeEventListener("keydown", key);
    back(sentence);
  }
}

const NAMES = () => ({ "⌫": t("Delete"), ".": t("Point") });
