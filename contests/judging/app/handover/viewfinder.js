// What the camera sees, with the ways round it: another camera, pictures that were taken before.

import { button, element, say } from "../shared/dom.js";
import { t } from "../words.js";
import { CameraProblem, middle, watch } from "../shared/camera.js";
import { readPicture } from "../shared/reader.js";
import { fileButton } from "./surface.js";

/** {node, start(), stop(), tell(words)}. `seen(text)` is called for every QR picture that is read. */
export function viewfinder(seen) {
  const video = element("video", { playsinline: true, muted: true, "aria-label": t("What the camera sees") });
  video.muted = true;
  const message = element("p.handover-message", { role: "status" });
  const again = button("quiet", { onclick: () => start(), hidden: true }, t("Try the camera again"));
  const turn = button("quiet", { hidden: true }, t("Use the other camera"));
  const pictures = fileButton(t("Choose pictures"), { accept: "image/*", multiple: true }, read);
  const frame = element("div.handover-view", {}, video);
  const state = { camera: null, wanted: false };

  async function start() {
    state.wanted = true;
    again.hidden = true;
    tell(t("The camera starts …"));
    try {
      const camera = await watch(video, seen, middle);
      if (!state.wanted) return camera.stop();
      state.camera = camera;
      frame.dataset.live = "true";
      turn.hidden = !camera.other;
      turn.onclick = () => camera.other().catch((error) => fail(error));
      tell(t("Hold the camera 30 to 60 cm away so that the whole picture is in the frame."));
    } catch (error) {
      fail(error);
    }
  }

  function fail(error) {
    stop();
    again.hidden = false;
    tell(problem(error instanceof CameraProblem ? error.kind : "none"));
  }

  function stop() {
    state.wanted = false;
    state.camera?.stop();
    state.camera = null;
    turn.hidden = true;
    delete frame.dataset.live;
  }

  async function read(files) {
    let found = 0;
    let unreadable = 0;
    for (const file of files) {
      const texts = await readPicture(file).catch(() => null);
      if (!texts?.length) unreadable += 1;
      for (const text of texts ?? []) {
        found += 1;
        await seen(text);
      }
    }
    if (unreadable > 0) {
      tell(t("No QR picture was found in {n} of {all} files. Take them sharp, straight and without glare.",
        { n: unreadable, all: files.length }));
    } else if (found > 0) tell(t("Pictures read: {n}", { n: found }));
  }

  const tell = (words) => say(message, words);
  const node = element("div.handover-finder", {}, frame, message,
    element("div.handover-row", {}, pictures, turn, again));
  return { node, start, stop, tell };
}

const problem = (kind) => ({
  refused: () => t("The camera may not be used. Allow it for this page in the browser's settings, or go on without it below."),
  none: () => t("No camera was found. Go on without it below."),
  busy: () => t("Another program uses the camera. Close it and try again."),
  insecure: () => t("The camera works only over https. Go on without it below."),
  decoder: () => t("The reader could not be loaded. It needs a connection once; go on without it below."),
})[kind]();
