// A photo made small on the tablet: at most 1600 pixels wide or high, JPEG, without the camera's place
// and time inside (drawing it anew leaves them behind).

const LONGEST = 1600;
const HEAVIEST = 2 * 1024 * 1024;
const QUALITIES = [0.85, 0.7, 0.55, 0.4];

/** A Blob of type image/jpeg; throws when the file is no picture. */
export async function photoOf(file) {
  const image = await decoded(file);
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close?.();
  for (const quality of QUALITIES) {
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && blob.size <= HEAVIEST) return blob;
  }
  throw new RangeError("the picture stays too large");
}

async function decoded(file) {
  if (globalThis.createImageBitmap) {
    return createImageBitmap(file, { imageOrientation: "from-image" });
  }
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}
