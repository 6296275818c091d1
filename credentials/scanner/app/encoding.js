// Strict base32, base64url and UTF-8: one spelling of each value, or Malformed. The reference is credentials/encoding.py.

/** `code` says why these are bytes that no issuer would have written. */
export class Malformed extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export const fromBase32 = (text) => bytesOf(text, BASE32, 5, "base32");
export const fromBase64url = (text) => bytesOf(text, BASE64, 6, "base64");

/** Refuses foreign letters, padding, a letter too many, and unused bits that are not zero. */
function bytesOf(text, alphabet, width, code) {
  const out = new Uint8Array(Math.floor((text.length * width) / 8));
  let [kept, bits, at] = [0, 0, 0];
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new Malformed(code);
    kept = (kept << width) | value;
    bits += width;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = kept >> bits;
      kept &= (1 << bits) - 1;
    }
  }
  if (bits >= width || kept) throw new Malformed(code);
  return out;
}

export function toBase64url(bytes) {
  let [text, kept, bits] = ["", 0, 0];
  for (const byte of bytes) {
    kept = (kept << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += BASE64[kept >> bits];
      kept &= (1 << bits) - 1;
    }
  }
  return bits ? text + BASE64[kept << (6 - bits)] : text;
}

export const utf8 = (text) => new TextEncoder().encode(text);

export function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Malformed("encoding");
  }
}
