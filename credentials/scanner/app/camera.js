// The back camera, the whole picture looked at several times a second: papers lie as they lie.

import { prepare, readImage } from "./reader.js";

const LONGEST = 1280;
const PAUSE = 60;

/** kind: "none" no camera, "refused" not allowed, "busy", "insecure" no https, "decoder" not loaded. */
export class CameraProblem extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

const KINDS = {
  NotAllowedError: "refused", SecurityError: "refused",
  NotFoundError: "none", OverconstrainedError: "none", NotReadableError: "busy", AbortError: "busy",
};

/** Shows the camera in `video` and calls `seen(text)` for every QR picture that comes by. Answers {stop(), other,
 * light}: other() = use the next camera, light(on) = its lamp; null when there is none. */
export async function watch(video, seen) {
  const state = { stream: await open({ facingMode: { ideal: "environment" } }), stopped: false };
  const end = () => state.stream.getTracks().forEach((track) => track.stop());
  const stop = () => {
    state.stopped = true;
    end();
    video.srcObject = null;
  };
  try {
    await Promise.all([show(video, state.stream), decoder()]);
  } catch (error) {
    stop();
    throw error;
  }
  look(video, seen, state);
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
  const track = () => state.stream.getVideoTracks()[0];
  const other = cameras.length < 2 ? null : async () => {
    const now = track()?.getSettings().deviceId;
    const next = cameras[(cameras.findIndex((one) => one.deviceId === now) + 1) % cameras.length];
    end();
    state.stream = await open({ deviceId: { exact: next.deviceId } });
    await show(video, state.stream);
  };
  const light = track()?.getCapabilities?.().torch ? (on) => track().applyConstraints({ advanced: [{ torch: on }] }) : null;
  return { stop, other, light };
}

async function open(which) {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraProblem("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false, video: { ...which, width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
  } catch (error) {
    throw new CameraProblem(KINDS[error.name] ?? "none");
  }
}

async function show(video, stream) {
  video.srcObject = stream;
  await video.play().catch(() => {});
}

async function decoder() {
  await prepare().catch(() => {
    throw new CameraProblem("decoder");
  });
}

/** One look after the other: a slow phone looks less often, it never falls behind. */
async function look(video, seen, state) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  while (!state.stopped) {
    await nextFrame(video);
    if (state.stopped) return;
    if (!video.videoWidth || document.hidden) continue;
    const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight].map((side) => Math.round(side * scale));
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const found = await readImage(pen.getImageData(0, 0, canvas.width, canvas.height)).catch(() => []);
    for (const text of found) if (!state.stopped) await seen(text);
  }
}

const nextFrame = (video) => new Promise((resolve) => {
  setTimeout(() => {
    if (video.requestVideoFrameCallback && !document.hidden) video.requestVideoFrameCallback(resolve);
    setTimeout(resolve, 4 * PAUSE);
  }, PAUSE);
});
