// Draws a QR picture so that every square of it is the same number of the screen's points.

import { vendored } from "../shared/vendored.js";

const QUIET = 4;

let loading = null;

function encoder() {
  loading ??= import(vendored("uqr/dist/index.mjs")).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** What a picture of this size (version) takes, in characters, at error correction M. */
export const CAPACITY = { 8: 221, 12: 419 };

/** A function (canvas, text, room) for pictures of one version; room in CSS pixels. The mask is fixed:
 * the search for the best one costs eight times the picture, and no decoder reads it better. */
export async function drawer(version) {
  const { encode } = await encoder();
  return (canvas, text, room) => {
    const { data, size } = encode(text, {
      ecc: "M", boostEcc: false, minVersion: version, maxVersion: version, maskPattern: 3, border: 0,
    });
    const points = devicePixelRatio || 1;
    const side = size + 2 * QUIET;
    const scale = Math.max(1, Math.floor((room * points) / side));
    if (canvas.width !== side * scale) canvas.width = canvas.height = side * scale;
    canvas.style.width = canvas.style.height = `${(side * scale) / points}px`;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#000";
    data.forEach((row, y) => row.forEach((dark, x) => {
      if (dark) pen.fillRect((x + QUIET) * scale, (y + QUIET) * scale, scale, scale);
    }));
  };
}
