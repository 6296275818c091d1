// How a picture comes in: by the camera, by a photo or a file, by a hand scanner or pasted text.

import { CameraProblem, watch, whole } from "./shared/camera.js";
import { button, element, say } from "./shared/dom.js";
import { readPicture } from "./shared/reader.js";
import { t } from "./words.js";

const MOST_TEXT = 64 * 1024;
const PROBLEMS = {
  refused: () => t("The camera may not be used. Allow it for this page in the browser's settings, or take a photo below."),
  none: () => t("No camera was found. Take a photo or choose a picture below."),
  busy: () => t("Another program uses the camera. Close it and try again."),
  insecure: () => t("The camera works only over https. Take a photo or choose a picture below."),
  decoder: () => t("The reader could not be loaded. It needs a connection once."),
};

/** {node, draw(), stop()}. `seen(text)` is called for every QR picture of the camera, many times; `given(text)`
 * for each that somebody hands in. */
export function eye({ seen, given }) {
  const video = element("video", { playsinline: true, muted: true });
  video.muted = true;
  const frame = element("div.view", { hidden: true }, video);
  const message = element("p.message", { role: "status" });
  const begin = button("main", { onclick: () => start() });
  const end = button("quiet", { hidden: true, onclick: () => stop() });
  const turn = button("quiet", { hidden: true });
  const lamp = button("quiet", { hidden: true, "aria-pressed": "false" });
  const photo = picker({ capture: "environment", accept: "image/*" }, read);
  const pictures = picker({ multiple: true }, read);
  const field = element("input", { id: "typed", type: "text", autocomplete: "off", spellcheck: "false" });
  const label = element("label", { for: "typed" });
  const check = element("button.quiet", { type: "submit" });
  const form = element("form.typed", {}, label, element("div.row", {}, field, check));
  const others = element("div.row", {}, photo.node, pictures.node);
  const node = element("section.eye", {}, frame, message, element("div.row", {}, begin, end, turn, lamp), others, form);
  let camera = null;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    await given(text);
    field.focus();
  });

  function draw() {
    video.setAttribute("aria-label", t("What the camera sees"));
    begin.textContent = t("Start the camera");
    end.textContent = t("Stop the camera");
    turn.textContent = t("Use the other camera");
    lamp.textContent = t("Lamp");
    photo.say(t("Take a photo"));
    pictures.say(t("Choose pictures"));
    label.textContent = t("Hand scanner, or text of a picture");
    check.textContent = t("Check");
  }

  async function start() {
    begin.disabled = true;
    say(message, t("The camera starts …"));
    try {
      camera = await watch(video, seen, whole);
      live(true);
      say(message, t("Hold the square picture into the frame, 10 to 20 cm away."));
    } catch (error) {
      live(false);
      say(message, PROBLEMS[error instanceof CameraProblem ? error.kind : "none"]());
    }
    begin.disabled = false;
  }

  /** While it is on, the verdict needs the room of the other ways. */
  function live(on) {
    frame.hidden = end.hidden = !on;
    begin.hidden = others.hidden = form.hidden = on;
    turn.hidden = !(on && camera.other);
    lamp.hidden = !(on && camera.light);
    turn.onclick = () => camera.other().catch(() => stop());
    lamp.onclick = () => {
      const lit = lamp.getAttribute("aria-pressed") !== "true";
      camera.light(lit).then(() => lamp.setAttribute("aria-pressed", String(lit)), () => {});
    };
  }

  function stop() {
    camera?.stop();
    camera = null;
    live(false);
    say(message, "");
  }

  async function read(files) {
    let unread = 0;
    for (const file of files) {
      const texts = isText(file) ? [await file.text()] : await readPicture(file).catch(() => null);
      if (!texts?.length) unread += 1;
      for (const text of new Set(texts ?? [])) await given(text);
    }
    say(message, unread
      ? t("No QR picture was found in {n} of {all} files. Take them sharp, straight and without glare.", { n: unread, all: files.length })
      : t("Pictures read: {n}", { n: files.length }));
  }

  return { node, draw, stop };
}

/** An opened line of a score sheet comes as a file of text. */
const isText = ({ type, name, size }) => size <= MOST_TEXT && (type === "application/json" || name.endsWith(".json"));

function picker(attributes, chosen) {
  const input = element("input.unseen", { type: "file", accept: "image/*,application/json,.json", ...attributes });
  const words = element("span");
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) chosen(files);
  });
  return { node: element("label.file", {}, input, words), say: (text) => (words.textContent = text) };
}
