// Shows signed texts as a sequence of QR pictures to another device's camera.

import { button, element, say } from "../shared/dom.js";
import { t } from "../words.js";
import { CAPACITY, drawer } from "./drawing.js";
import { Frames } from "./frames.js";
import { pack } from "./packing.js";

const SPEEDS = [1, 2, 3, 4, 5, 7];
const USUAL = 5;
const CALM = 2;
// Versions of the QR picture. zxing reads slanted, blurred and noisy pictures of version 12 in three of four
// cases from 3 points a square on, of version 15 in half of them, of version 8 always; and larger squares
// are read from farther away.
const [FINE, COARSE] = [12, 8];
const SMALL_SCREEN = 500;

/** A face for `surface`. content: {about, signed}; list: nodes that say what is in it. */
export async function showFace(content, { title, list, back }) {
  const bytes = await pack(content);
  const canvas = element("canvas", { role: "img", "aria-label": t("QR picture for the other tablet's camera") });
  const stage = element("div.handover-stage", {}, canvas);
  const place = element("p.handover-place");
  const pace = element("p.handover-place");
  const state = {
    speed: matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM : USUAL,
    version: Math.min(innerWidth, innerHeight) < SMALL_SCREEN ? COARSE : FINE,
    n: 0, timer: 0, playing: false, awake: null, frames: null, draw: null, left: false,
  };
  const play = button("main", { onclick: () => (state.playing ? pause() : start()) });
  const slower = button("quiet", { onclick: () => change(-1) }, t("Slower"));
  const faster = button("quiet", { onclick: () => change(1) }, t("Faster"));
  const size = button("quiet", { onclick: () => resize() }, t("Larger squares"));
  const step = button("quiet", { onclick: () => { pause(); next(); } }, t("Next picture"));
  const controls = [play, slower, faster, step, size];

  async function prepare() {
    state.draw = await drawer(state.version);
    state.frames = new Frames(bytes, CAPACITY[state.version]);
    state.n = 0;
    size.setAttribute("aria-pressed", String(state.version === COARSE));
    for (const each of [play, slower, faster, step]) each.hidden = state.frames.length === 1;
    paint();
  }

  function paint() {
    const room = Math.min(stage.clientWidth, stage.clientHeight);
    if (room > 0) state.draw(canvas, state.frames.text(state.n), room);
    const { count } = state.frames;
    say(place, state.n < count ? t("Picture {n} of {all}", { n: state.n + 1, all: count })
      : t("All {all} pictures were shown; again for what the camera missed.", { all: count }));
    say(pace, count > 1 ? t("Pictures a second: {n}", { n: state.speed }) : "");
    say(play, state.playing ? t("Pause") : t("Play on"));
    slower.disabled = state.speed === SPEEDS[0];
    faster.disabled = state.speed === SPEEDS.at(-1);
  }

  function next() {
    state.n = (state.n + 1) % state.frames.length;
    paint();
  }

  function start() {
    clearInterval(state.timer);
    state.playing = state.frames.length > 1;
    if (state.playing) state.timer = setInterval(() => document.hidden || next(), 1000 / state.speed);
    paint();
  }

  function pause() {
    clearInterval(state.timer);
    state.playing = false;
    paint();
  }

  function change(by) {
    state.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(state.speed) + by))];
    if (state.playing) start();
    else paint();
  }

  async function resize() {
    state.version = state.version === FINE ? COARSE : FINE;
    clearInterval(state.timer);
    await prepare();
    if (state.playing) start();
  }

  const awake = async () => {
    if (document.hidden) return;
    state.awake = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (state.left) state.awake?.release();
  };
  const fit = () => state.frames && paint();

  return {
    title, back,
    async enter() {
      try {
        await prepare();
      } catch {
        for (const each of controls) each.hidden = true;
        return say(place, t("The pictures could not be drawn here. Connect once so that this part is loaded, or save a file."));
      }
      if (state.left) return undefined;
      start();
      awake();
      addEventListener("resize", fit);
      document.addEventListener("visibilitychange", awake);
      return undefined;
    },
    leave() {
      state.left = true;
      clearInterval(state.timer);
      state.awake?.release();
      removeEventListener("resize", fit);
      document.removeEventListener("visibilitychange", awake);
    },
    node: element("div.handover-show", {}, stage, element("div.handover-beside", {},
      element("p", {}, t("On the other tablet: “Hand over”, then “Take with the camera”.")),
      place, pace, element("div.handover-row", {}, controls), list)),
  };
}
