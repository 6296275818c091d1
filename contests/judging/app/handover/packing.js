// What is handed over, as few bytes as it goes: signed texts are taken apart (their base 64 would not
// shrink), and put together again character by character.
//
//   sha256 of the rest (32) · 1 = deflated, 0 = not · content
//   content: words about the sender (JSON) · number of signed texts · each of them

import { base64url, bytesOf } from "../sign.js";
import { inflate } from "./inflate.js";

const MOST = 8 * 1024 * 1024;
const CHECK = 32;
const [WHOLE, APART] = [0, 1];
const text = new TextEncoder();

/** about: a small JSON object; signed: compact JWS. Answers bytes. */
export async function pack({ about, signed }) {
  const writer = new Writer();
  writer.text(JSON.stringify(about));
  writer.number(signed.length);
  for (const jws of signed) writer.jws(jws);
  const body = await deflated(writer.bytes());
  return joined([await digest(body), body]);
}

/** {about, signed}; null when the bytes are not what was packed. */
export async function unpack(bytes) {
  const body = bytes.subarray(CHECK);
  const check = await digest(body);
  if (!check.every((byte, n) => byte === bytes[n])) return null;
  try {
    const reader = new Reader(body[0] ? inflate(body.subarray(1), MOST) : body.subarray(1));
    const about = JSON.parse(reader.text());
    const signed = Array.from({ length: reader.count() }, () => reader.jws());
    return about && typeof about === "object" ? { about, signed } : null;
  } catch {
    return null;
  }
}

async function deflated(plain) {
  if (!globalThis.CompressionStream) return joined([Uint8Array.of(0), plain]);
  try {
    const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return joined([Uint8Array.of(1), new Uint8Array(await new Response(stream).arrayBuffer())]);
  } catch (error) {
    // Chromium 80 to 102 and Safari before 16.4 know no "deflate-raw".
    if (!(error instanceof TypeError)) throw error;
    return joined([Uint8Array.of(0), plain]);
  }
}

export const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

class Writer {
  #parts = [];

  number(value) {
    const bytes = [];
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
    this.#parts.push(Uint8Array.of(...bytes, value));
  }

  part(bytes) {
    this.number(bytes.length);
    this.#parts.push(bytes);
  }

  text(value) {
    this.part(text.encode(value));
  }

  jws(jws) {
    const parts = apart(jws);
    this.number(parts ? APART : WHOLE);
    if (parts) for (const part of parts) this.part(part);
    else this.text(jws);
  }

  bytes() {
    return joined(this.#parts);
  }
}

/** The three parts as bytes, when they give back the very same characters. */
function apart(jws) {
  try {
    const parts = jws.split(".").map(bytesOf);
    return parts.length === 3 && together(parts) === jws ? parts : null;
  } catch {
    return null;
  }
}

/** Piece by piece: a call takes a limited number of arguments. */
const together = (parts) => parts.map((part) => {
  let whole = "";
  for (let at = 0; at < part.length; at += 3 * 4096) whole += base64url(part.subarray(at, at + 3 * 4096));
  return whole;
}).join(".");

class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      if (this.#at >= this.#bytes.length || factor > 2 ** 35) throw new RangeError("cut short");
      const byte = this.#bytes[this.#at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  /** How many follow: each takes a byte at least. */
  count() {
    const count = this.number();
    if (count > this.#bytes.length) throw new RangeError("cut short");
    return count;
  }

  part() {
    const length = this.number();
    if (length > this.#bytes.length - this.#at) throw new RangeError("cut short");
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  text() {
    return new TextDecoder("utf-8", { fatal: true }).decode(this.part());
  }

  jws() {
    if (this.number() === WHOLE) return this.text();
    return together([this.part(), this.part(), this.part()]);
  }
}
