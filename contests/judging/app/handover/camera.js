// The back camera, and the square in its middle looked at several times a second.

import { prepare, readImage } from "./reader.js";

const SIDE = 1080;
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

/** Shows the camera in `video` and calls `seen(text)` for every QR picture that comes by. Answers
 * {stop(), other()}: other() = use the next camera, null when there is only one. */
export async function watch(video, seen) {
  const state = { stream: await open({ facingMode: { ideal: "environment" } }), stopped: false };
  const stop = () => {
    state.stopped = true;
    for (const track of state.stream.getTracks()) track.stop();
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
  const other = cameras.length < 2 ? null : async () => {
    const now = state.stream.getVideoTracks()[0]?.getSettings().deviceId;
    const next = cameras[(cameras.findIndex((one) => one.deviceId === now) + 1) % cameras.length];
    for (const track of state.stream.getTracks()) track.stop();
    state.stream = await open({ deviceId: { exact: next.deviceId } });
    await show(video, state.stream);
  };
  return { stop, other };
}

async function open(which) {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraProblem("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false, video: { ...which, width: { ideal: 1920 }, height: { ideal: SIDE } },
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

/** One look after the other: a slow tablet looks less often, it never falls behind. */
async function look(video, seen, state) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  while (!state.stopped) {
    await nextFrame(video);
    if (state.stopped) return;
    if (!video.videoWidth || document.hidden) continue;
    const side = Math.min(video.videoWidth, video.videoHeight);
    canvas.width = canvas.height = Math.min(side, SIDE);
    const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    pen.drawImage(video, left, top, side, side, 0, 0, canvas.width, canvas.height);
    const found = await readImage(pen.getImageData(0, 0, canvas.width, canvas.height)).catch(() => []);
    for (const text of found) if (!state.stopped) seen(text);
  }
}

const nextFrame = (video) => new Promise((resolve) => {
  setTimeout(() => {
    if (video.requestVideoFrameCallback && !document.hidden) video.requestVideoFrameCallback(resolve);
    setTimeout(resolve, 4 * PAUSE);
  }, PAUSE);
});
