// A hand-over as one file: any way that carries a file carries the sheets.

import { base64url, sha256 } from "../sign.js";
import { FORMAT, headerOf } from "./content.js";
import { understood } from "./taking.js";
import { digest } from "./packing.js";
import { written } from "./photos.js";

const MOST = 20 * 1024 * 1024;

/** {about, signed} as a File; with the photos of the sheets, as `photosOf` gives them. */
export async function fileOf({ about, signed }, photos = []) {
  const content = {
    ...about, made_at: new Date().toISOString(), sha256: await sha256(signed.join("\n")),
    [about.kind === "sheets" ? "revisions" : "receipts"]: signed,
    ...(photos.length > 0 ? { photos: await written(photos) } : {}),
  };
  const body = new Blob([JSON.stringify(content, null, 1)], { type: "application/json" });
  const print = base64url((await digest(new TextEncoder().encode(content.sha256))).slice(0, 4));
  const name = ["jiangxin", about.kind, about.label.replace(/[^\p{L}\p{N}]+/gu, "-"), print].filter(Boolean).join("-");
  return new File([body], `${name}.json`, { type: "application/json" });
}

export const canShare = (file) => Boolean(navigator.canShare?.({ files: [file] }));

/** The system's sheet for sharing; nothing happens when it is closed without a choice. */
export async function share(file) {
  try {
    await navigator.share({ files: [file], title: file.name });
  } catch (error) {
    if (error.name !== "AbortError") save(file);
  }
}

export function save(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** {about, signed, whole} of a file; null when there is nothing of ours in it. whole = it is as it was
 * saved; of a file that was cut or edited everything that is whole in it is given. */
export async function contentOf(file) {
  if (file.size > MOST) return null;
  const text = await file.text();
  try {
    const { revisions, receipts, photos = [], sha256: sum, ...about } = JSON.parse(text);
    const words = about.format === undefined ? { ...about, ...PLAIN, kind: "sheets" } : about;
    const signed = words.kind === "receipts" ? receipts : revisions;
    if (!understood(words) || !Array.isArray(signed)) return salvaged(text);
    return { about: words, signed, photos, whole: sum === undefined || sum === (await sha256(signed.join("\n"))) };
  } catch {
    return salvaged(text);
  }
}

const PLAIN = { format: FORMAT, version: 1 };
const SIGNED = /[\w-]{16,}\.[\w-]{16,}\.[\w-]{86}(?![\w-])/g;

function salvaged(text) {
  const found = [...new Set(text.match(SIGNED) ?? [])];
  for (const [kind, typ] of [["sheets", "jiangxin-sheet+jwt"], ["receipts", "jiangxin-receipt+jwt"]]) {
    const signed = found.filter((jws) => headerOf(jws)?.typ === typ);
    if (signed.length) return { about: { ...PLAIN, kind }, signed, whole: false };
  }
  return null;
}
