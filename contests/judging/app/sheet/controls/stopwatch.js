// A stop-watch whose start is stored: it goes on through a reload, a kill or another sheet. Its end
// gives a value to the aspect and nothing else; it never signs.

import { button, element, say } from "../../shared/dom.js";
import { t } from "../../words.js";
import { clockText, milli, milliText, typedSeconds } from "../numbers.js";
import { named } from "../naming.js";
import { dialog } from "../dialogs.js";
import { nameOf, result } from "./typed.js";

const SHOWN_EVERY = 100;
const LONGEST = 359_999_000;

export function stopwatch(context) {
  const { aspect, give, mark, about, setAbout, tell } = context;
  const watch = () => about().watch ?? { at: 0, spent: 0, laps: [] };
  const anchor = { at: 0, mono: 0 };
  const face = element("span.shown", { role: "timer", "aria-label": named(t("Stop-watch"), aspect) }, "0:00.00");
  const laps = element("ol.laps", { hidden: true });
  const worth = result(context);
  const field = element("input.value.measured", {
    type: "text", inputmode: "text", autocomplete: "off", placeholder: t("min:s"),
    "aria-label": named(t("Time"), aspect), onfocus: () => field.select(), onchange: () => typed(),
  });
  const act = (words, onclick) => button("chip.wide", { "aria-label": named(words, aspect), onclick }, words);
  const buttons = {
    start: act(t("Start"), () => start()),
    stop: act(t("Stop"), () => stop()),
    lap: act(t("Lap"), () => lap()),
    resume: act(t("Resume"), () => start()),
    use: act(t("Use this time"), () => use()),
    reset: act(t("Reset"), () => reset()),
  };

  /** The wall clock survives a kill; while the page lives the steady one is believed. */
  function elapsed() {
    const { at, spent } = watch();
    if (!at) return spent;
    if (anchor.at !== at) Object.assign(anchor, { at, mono: performance.now() - Math.max(0, Date.now() - at) });
    return Math.min(LONGEST, Math.round(spent + performance.now() - anchor.mono));
  }

  async function start() {
    const { spent, laps: kept } = watch();
    const at = Date.now();
    Object.assign(anchor, { at, mono: performance.now() });
    if (mark()) await give(null);
    await setAbout({ watch: { at, spent, laps: kept } });
    tell(named(t("The stop-watch runs"), aspect));
    buttons.stop.focus();
  }

  async function stop() {
    const spent = elapsed();
    await setAbout({ watch: { at: 0, spent, laps: watch().laps } });
    await use();
    buttons.resume.focus();
  }

  async function lap() {
    const time = elapsed();
    await setAbout({ watch: { ...watch(), laps: [...watch().laps, time] } });
    tell(t("Lap {n}: {time}", { n: watch().laps.length, time: clockText(time) }));
  }

  async function use() {
    const value = seconds(aspect, watch().spent);
    await give({ [nameOf(aspect)]: value });
    tell(named(`${clockText(watch().spent)} = ${value} ${aspect.unit}`.trim(), aspect));
  }

  async function reset() {
    const sure = await dialog(t("Set the stop-watch to zero?"),
      element("p", {}, named(clockText(elapsed()), aspect)),
      [["quiet", t("Back"), false], ["main", t("Reset"), true]]);
    if (!sure) return;
    if (mark()) await give(null);
    await setAbout({ watch: undefined });
  }

  function typed() {
    const plain = typedSeconds(field.value);
    field.setAttribute("aria-invalid", String(plain == null && field.value.trim() !== ""));
    if (plain == null) return void (field.value.trim() && tell(t("Write a time like 12:34.5 or 754.5.")));
    give({ [nameOf(aspect)]: plain });
    tell(t("Understood as {value}", { value: `${plain} ${aspect.unit}`.trim() }));
  }

  function draw() {
    const { at } = watch();
    say(face, clockText(elapsed()));
    face.classList.toggle("runs", at > 0);
  }

  // The timer ends by itself when the card has left the page.
  const timer = setInterval(() => {
    if (!face.isConnected) return clearInterval(timer);
    if (watch().at) draw();
  }, SHOWN_EVERY);

  return {
    node: element("div.measure.watch", {}, face, Object.values(buttons), field,
      element("span.unit", {}, aspect.unit), worth.node, laps),
    update(now) {
      const { at, spent, laps: kept } = watch();
      draw();
      const shown = { start: !at && !spent, stop: at, lap: at, resume: !at && spent, use: !at && spent && !now, reset: !at && spent };
      for (const [name, node] of Object.entries(buttons)) node.hidden = !shown[name];
      field.hidden = Boolean(at);
      const text = now?.[nameOf(aspect)] ?? "";
      if (document.activeElement !== field && field.value !== text) field.value = text;
      worth.update(now);
      laps.hidden = kept.length === 0;
      if (laps.childElementCount !== kept.length) {
        laps.replaceChildren(...kept.map((time) => element("li", {}, clockText(time))));
      }
    },
  };
}

/** Milliseconds as seconds on the aspect's grid, cut off, never rounded up. */
export function seconds(aspect, milliseconds) {
  const step = milli(aspect.resolution || "0.01");
  return milliText(milliseconds - (milliseconds % step));
}
