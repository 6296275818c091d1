// Reads QR pictures. The decoder is large (950 kB, 410 kB on the wire), so it comes when it is needed.

import { vendored } from "./vendored.js";

const LARGEST = 2400;
const QUICK = { formats: ["QRCode"], maxNumberOfSymbols: 2, tryInvert: false };
const THOROUGH = { formats: ["QRCode"], maxNumberOfSymbols: 40, tryHarder: true };

let loading = null;

/** Loads the decoder; again after a failure. */
export function prepare() {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load() {
  const { prepareZXingModule, readBarcodes } = await import(vendored("zxing-wasm/dist/es/reader/index.js"));
  const locateFile = () => vendored("zxing-wasm/dist/reader/zxing_reader.wasm");
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return readBarcodes;
}

/** The texts of the QR pictures in one image of the camera. */
export async function readImage(image) {
  return texts(await (await prepare())(image, QUICK));
}

/** The texts of the QR pictures in a file; null when it is no picture that the browser can show. */
export async function readPicture(file) {
  const read = await prepare();
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return texts(await read(pen.getImageData(0, 0, width, height), THOROUGH));
}

const texts = (found) => found.filter((one) => one.isValid).map((one) => one.text);
