// Photos and instruments' files that belong to sheets: they travel in a file, never in QR pictures. Each is
// known by the SHA-256 that its sheet was signed with, so that nothing else can be slipped in.

import * as store from "../store.js";
import { base64url, bytesOf, payloadOf, sha256hex } from "../sign.js";

// In the file it is a third more, and the control room takes files of 20 MB.
const MOST = 13 * 1024 * 1024;
const LARGEST = 8 * 1024 * 1024;

/** The photos of these sheets that are on this tablet: {rows, bytes, left}; left = those that no file takes. */
export async function photosOf(rows) {
  const found = { rows: [], bytes: 0, left: 0 };
  for (const [sha, contest] of namedIn(rows.map((row) => row.jws))) {
    const kept = await store.picture(sha);
    if (!kept?.blob) continue;
    if (found.bytes + kept.blob.size > MOST) found.left += 1;
    else {
      found.rows.push({ sha, contest, blob: kept.blob });
      found.bytes += kept.blob.size;
    }
  }
  return found;
}

/** As they stand in the file. */
export const written = (rows) => Promise.all(rows.map(async ({ sha, contest, blob }) => (
  { sha, contest, type: blob.type, data: base64url(new Uint8Array(await blob.arrayBuffer())) })));

/** Keeps those that a sheet of the same file names and whose bytes are what it was signed with; this tablet
 * sends them as its own. Answers {photos, spoilt}. */
export async function takePhotos(photos, signed) {
  const wanted = namedIn(signed);
  const report = { photos: 0, spoilt: 0 };
  for (const one of Array.isArray(photos) ? photos : []) {
    const blob = await sound(one, wanted);
    if (!blob) report.spoilt += 1;
    else {
      await store.keepPicture({ sha: one.sha, blob, contest: wanted.get(one.sha), sent: false });
      report.photos += 1;
    }
  }
  return report;
}

async function sound({ sha, type, data } = {}, wanted) {
  if (!wanted.has(sha) || typeof data !== "string" || data.length > LARGEST) return null;
  try {
    const bytes = bytesOf(data);
    return (await sha256hex(bytes)) === sha ? new Blob([bytes], { type: String(type ?? "") }) : null;
  } catch {
    return null;
  }
}

/** SHA-256 -> contest, of all that these sheets name. */
function namedIn(signed) {
  const found = new Map();
  for (const jws of signed) {
    try {
      const { about = {}, contest } = payloadOf(jws);
      for (const { photos = [], file = "" } of Object.values(about)) {
        for (const sha of [...photos, file]) if (sha) found.set(sha, contest);
      }
    } catch {
      // not a sheet: the report of the sheets names it
    }
  }
  return found;
}
