// One card for each aspect. A card is built once and only patched afterwards: replacing a button
// between finger down and finger up swallows the tap.

import { button, element, press, say } from "./dom.js";
import { defects } from "./defects.js";
import { milli, milliText, typedDecimal } from "./numbers.js";
import { pick, t } from "./words.js";

const MOST_CHIPS = 11;

/** {node, update(mark)}; `changed(mark or null)` is called on every deliberate change. */
export function card(aspect, changed) {
  const current = { mark: null };
  const give = (mark) => changed(withNote(mark, current.mark));
  const control = (WIDGETS[aspect.widget] ?? number)(aspect, give, () => current.mark);
  const more = moreButton(aspect, current, changed);
  const title = element("div.title", {}, heading(aspect), control.aside ?? "");
  const row = element("div.row", {}, control.node, more.node);
  const id = `aspect-${aspect.id}`;
  const node = element(
    "section.card", { role: "group", "aria-labelledby": id, "data-aspect": aspect.id },
    title, row, more.panel,
  );
  title.querySelector("h3").id = id;
  return {
    node,
    update(mark) {
      current.mark = mark;
      node.classList.toggle("done", mark != null);
      node.classList.toggle("void", mark?.outcome != null);
      control.update(mark?.outcome ? null : mark);
      more.update(mark);
    },
  };
}

const withNote = (mark, before) => (before?.note && mark ? { ...mark, note: before.note } : mark);

function heading(aspect) {
  const range = aspect.range ? element("small.range", {}, aspect.range) : "";
  return element("h3", {}, element("b", {}, aspect.id), " ", pick(aspect.title), " ", range);
}

/** The way to say that there is nothing to mark, and to leave a note. */
function moreButton(aspect, current, changed) {
  const missing = button("chip.wide", {
    onclick: () => changed(current.mark?.outcome ? null : { outcome: "missing", ...note() }),
  }, t("Nothing to mark"));
  const field = element("input.note", {
    type: "text", maxlength: 200, id: `note-${aspect.id}`, autocomplete: "off",
    onchange: () => current.mark && changed({ ...current.mark, note: field.value.trim() }),
  });
  const label = element("label", { for: field.id }, t("Note"));
  const panel = element("div.more", { hidden: true }, missing, label, field);
  const node = button("chip.dots", {
    "aria-expanded": "false", "aria-label": t("More for {aspect}", { aspect: aspect.id }),
    onclick: () => {
      panel.hidden = !panel.hidden;
      node.setAttribute("aria-expanded", String(!panel.hidden));
    },
  }, "⋯");
  const note = () => (field.value.trim() ? { note: field.value.trim() } : {});
  return {
    node,
    panel,
    update(mark) {
      press(missing, mark?.outcome === "missing");
      field.disabled = mark == null;
      if (document.activeElement !== field) field.value = mark?.note ?? "";
      if (mark?.outcome || mark?.note) {
        panel.hidden = false;
        node.setAttribute("aria-expanded", "true");
      }
    },
  };
}

// --- what fills a card, by the widget that the scheme declares -----------------------------------

const WIDGETS = { levels, grid, number, count, choice, pass, defects, given: number };

function options(choices, give, className = "chips") {
  const nodes = choices.map((choice) =>
    button(`chip${choice.wide ? ".wide" : ""}`, { onclick: () => give(choice.mark) },
      element("span", {}, choice.label),
      choice.help ? element("small", {}, choice.help) : "",
    ),
  );
  return {
    node: element(`div.${className}`, {}, nodes),
    update(mark) {
      nodes.forEach((node, n) => press(node, same(choices[n].mark, mark)));
    },
  };
}

const same = (a, b) => a && b && a.value === b.value && a.raw === b.raw;

/** The written scale; half scores stand between the descriptors where the scheme allows them. */
function levels(aspect, give) {
  const [most, step] = [milli(aspect.maximum), milli(aspect.step)];
  const choices = [];
  for (let value = 0; value <= most; value += step) {
    const help = value % 1000 === 0 ? pick(aspect.descriptors[value / 1000]) : "";
    choices.push({ label: milliText(value), help, mark: { value: milliText(value) } });
  }
  return options(choices, give, "levels");
}

function pass(aspect, give) {
  const [no, yes] = [t("No"), t("Yes")];
  return options([
    { label: `✓ ${yes}`, mark: { raw: "true" }, wide: true },
    { label: `✕ ${no}`, mark: { raw: "false" }, wide: true },
  ], give);
}

function choice(aspect, give) {
  return options(aspect.choices.map((each) => ({
    label: pick(each.title) || each.code, mark: { raw: each.code }, wide: true,
  })), give);
}

/** Chips for the coarse value and a stepper for the fine one; unmarked until something is tapped. */
function grid(aspect, give, mark) {
  const scale = {
    least: milli(aspect.minimum), most: milli(aspect.maximum), step: milli(aspect.step),
  };
  const value = () => (mark()?.value == null ? null : milli(mark().value));
  const set = (next) => give({ value: milliText(next) });
  if ((scale.most - scale.least) / scale.step < MOST_CHIPS) return everyStep(scale, give);
  const fine = stepper(scale, set, value);
  const chips = scale.most <= 10_000 && scale.least === 0
    ? wholes(scale, set) : tensAndOnes(scale, set, value);
  return {
    node: chips.node,
    aside: element("div.aside", {}, chips.aside ?? "", fine.node),
    update() {
      chips.update(value());
      fine.update(value());
    },
  };
}

function everyStep({ least, most, step }, give) {
  const choices = [];
  for (let value = least; value <= most; value += step) {
    choices.push({ label: milliText(value), mark: { value: milliText(value) } });
  }
  return options(choices, give);
}

function wholes({ most }, set) {
  const values = Array.from({ length: Math.floor(most / 1000) + 1 }, (_, n) => n * 1000);
  const nodes = values.map((value) => button("chip", { onclick: () => set(value) }, milliText(value)));
  return {
    node: element("div.chips", {}, nodes),
    update: (now) =>
      nodes.forEach((node, n) => press(node, now != null && Math.floor(now / 1000) * 1000 === values[n])),
  };
}

/** For maxima above ten: one tap for the tens, one for the ones. */
function tensAndOnes(scale, set, value) {
  const tens = Array.from({ length: Math.floor(scale.most / 10_000) + 1 }, (_, n) => n * 10_000);
  const ones = Array.from({ length: 10 }, (_, n) => n * 1000);
  const ten = (now) => (now == null ? 0 : Math.floor(now / 10_000) * 10_000);
  const tenNodes = tens.map((size) => button("chip.ten", { onclick: () => set(size) }, milliText(size)));
  const oneNodes = ones.map((size) =>
    button("chip", { onclick: () => set(ten(value()) + size) },
      element("span", {}, `+${milliText(size)}`)));
  const group = element("div.chips.tens", {}, tenNodes);
  const inline = tens.length <= 5;
  const rows = element("div.chips", {}, oneNodes);
  return {
    node: inline ? rows : element("div.stack", {}, group, rows),
    aside: inline ? group : null,
    update(now) {
      const base = ten(now);
      tenNodes.forEach((node, n) => press(node, now != null && tens[n] === base));
      oneNodes.forEach((node, n) => {
        node.disabled = base + ones[n] > scale.most || (base + ones[n] - scale.least) % scale.step !== 0;
        press(node, now != null && !node.disabled && Math.floor((now - base) / 1000) * 1000 === ones[n]);
      });
    },
  };
}

function stepper(scale, set, value) {
  const size = Math.max(scale.step, 50);
  const move = (sign) => {
    const now = value();
    const next = now == null ? (sign > 0 ? scale.least : scale.most) : now + sign * size;
    set(Math.min(scale.most, Math.max(scale.least, next)));
  };
  const less = button("chip.step", { onclick: () => move(-1), "aria-label": t("Less") }, "−");
  const more = button("chip.step", { onclick: () => move(1), "aria-label": t("More") }, "+");
  const field = element("input.value", {
    type: "text", inputmode: "decimal", autocomplete: "off", placeholder: t("unmarked"),
    "aria-label": t("Value"),
    onfocus: () => field.select(),
    onchange: () => typed(),
  });
  const typed = () => {
    const plain = typedDecimal(field.value);
    const next = plain == null ? null : milli(plain);
    const fits = next != null && next >= scale.least && next <= scale.most
      && (next === scale.most || (next - scale.least) % scale.step === 0);
    field.setAttribute("aria-invalid", String(!fits));
    if (fits) set(next);
  };
  return {
    node: element("div.stepper", {}, less, field, more),
    update(now) {
      field.value = now == null ? "" : milliText(now);
      field.removeAttribute("aria-invalid");
      less.disabled = now != null && now <= scale.least;
      more.disabled = now != null && now >= scale.most;
    },
  };
}

/** A measured (or given) value with its unit: typed leniently, and what was understood is shown. */
function number(aspect, give) {
  const name = aspect.widget === "given" ? "value" : "raw";
  const told = { typed: "", raw: null };
  const understood = element("span.understood", { role: "status" });
  const words = (raw) => t("Understood as {value}", { value: `${raw} ${aspect.unit}`.trim() });
  const field = element("input.value.measured", {
    type: "text", inputmode: "decimal", autocomplete: "off", placeholder: t("unmarked"),
    "aria-label": aspect.unit ? t("Measured value in {unit}", { unit: aspect.unit }) : t("Measured value"),
    onchange: () => {
      const plain = typedDecimal(field.value);
      field.setAttribute("aria-invalid", String(plain == null));
      if (plain == null) return say(understood, t("This is no number. Write it like 12.5."));
      Object.assign(told, { typed: field.value.trim(), raw: plain });
      return give({ [name]: plain });
    },
  });
  return {
    node: element("div.measure", {}, field, element("span.unit", {}, aspect.unit), understood),
    update(now) {
      if (document.activeElement === field && now == null && field.value) return;
      const kept = now?.[name];
      say(understood, kept != null && kept === told.raw && told.typed !== kept ? words(kept) : "");
      field.value = kept ?? "";
      field.removeAttribute("aria-invalid");
    },
  };
}

/** How many were right: chips where they fit, with a stepper for the rest. */
function count(aspect, give, mark) {
  const most = milli(aspect.maximum || "10");
  const scale = { least: 0, most, step: 1000 };
  const read = () => (mark()?.raw == null ? null : milli(mark().raw));
  const set = (next) => give({ raw: milliText(next) });
  if (most / 1000 < MOST_CHIPS) {
    const choices = Array.from({ length: most / 1000 + 1 }, (_, n) => ({
      label: String(n), mark: { raw: String(n) },
    }));
    return options(choices, give);
  }
  const fine = stepper(scale, set, read);
  return { node: fine.node, update: () => fine.update(read()) };
}
