// The back camera, looked at several times a second.

import { prepare, readImage } from "./reader.js";

const PAUSE = 40;

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

/** Shows the camera in `video` and calls `seen(text)` for every QR picture that comes by. part(width, height)
 * says what of the picture is looked at: {left, top, wide, high, scale}. Answers {stop(), other, light}:
 * other() = use the next camera, light(on) = its lamp; null when there is none. */
export async function watch(video, seen, part) {
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
  look(video, seen, part, state);
  const track = () => state.stream.getVideoTracks()[0];
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
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

/** One look after the other: a slow device looks less often, it never falls behind. */
async function look(video, seen, part, state) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  while (!state.stopped) {
    await nextFrame(video);
    if (state.stopped) return;
    if (!video.videoWidth || document.hidden) continue;
    const { left, top, wide, high, scale } = part(video.videoWidth, video.videoHeight);
    [canvas.width, canvas.height] = [wide, high].map((side) => Math.round(side * scale));
    pen.drawImage(video, left, top, wide, high, 0, 0, canvas.width, canvas.height);
    const found = await readImage(pen.getImageData(0, 0, canvas.width, canvas.height)).catch(() => []);
    for (const text of found) if (!state.stopped) await seen(text);
  }
}

/** The square in the middle, where a picture is held: for pictures that follow one another fast. */
export function middle(width, height, longest = 1080) {
  const side = Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, wide: side, high: side, scale: Math.min(1, longest / side) };
}

/** All of it: papers lie as they lie. */
export function whole(width, height, longest = 1280) {
  return { left: 0, top: 0, wide: width, high: height, scale: Math.min(1, longest / Math.max(width, height)) };
}

const nextFrame = (video) => new Promise((resolve) => {
  setTimeout(() => {
    if (video.requestVideoFrameCallback && !document.hidden) video.requestVideoFrameCallback(resolve);
    setTimeout(resolve, 4 * PAUSE);
  }, PAUSE);
});
