// Photos and instruments' files: kept under their hash until the server has them.

import * as device from "./device.js";
import * as store from "./store.js";
import { sha256hex } from "./sign.js";

const MOST = 1_900_000;
const LONG_SIDE = 1600;
const AS_THEY_ARE = new Set(["image/jpeg", "image/png", "image/webp"]);

/** Keeps a photo, made smaller when it is large. Answers its SHA-256 in hex. */
export async function keep(contest, blob) {
  const fits = AS_THEY_ARE.has(blob.type) && blob.size <= MOST;
  return keepFile(contest, fits ? blob : await smaller(blob));
}

export async function keepFile(contest, blob) {
  const sha = await sha256hex(await blob.arrayBuffer());
  await store.keepPicture({ sha, blob, contest, sent: false });
  return sha;
}

/** The picture as a Blob: from this tablet, else from the server; null when neither has it now. */
export async function find(contest, sha) {
  const kept = await store.picture(sha);
  if (kept) return kept.blob;
  try {
    const blob = await (await device.bytes(`tablet/pictures/${contest}/${sha}`)).blob();
    return (await sha256hex(await blob.arrayBuffer())) === sha ? blob : null;
  } catch {
    return null;
  }
}

async function smaller(blob) {
  const image = await createImageBitmap(blob);
  const scale = Math.min(1, LONG_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("no picture"))), "image/jpeg", 0.85));
}
