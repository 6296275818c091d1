// The signed content of a QR: an untagged COSE_Sign1 with CWT claims, in base32. The reference is credentials/cwt.py.

import { decoded } from "./cbor.js";
import { fromBase32, Malformed, toBase64url, utf8 } from "./encoding.js";

const LIMIT = 2048;
const KINDS = ["award", "level", "honour", "partner", "collective"];
const [EXP, IAT, CTI, CLAIM] = [4, 6, 7, -70001];
const BLOCK = 131_072;
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** {kid, signature, signed, printed}: read, but not yet believed. Throws Malformed for anything that an issuer
 * would have written in another way. */
export function openPrinted(text) {
  if (text.length > LIMIT) throw new Malformed("too-large");
  const parts = decoded(fromBase32(text));
  if (!Array.isArray(parts) || parts.length !== 4) throw new Malformed("cose");
  const [head, loose, payload, signature] = parts;
  if (![head, payload, signature].every(isBytes) || !(loose instanceof Map)) throw new Malformed("cose");
  if (loose.size) throw new Malformed("header");
  return { kid: kidOf(decoded(head)), signature, signed: signedPart(head, payload), printed: printedOf(decoded(payload)) };
}

const isBytes = (value) => value instanceof Uint8Array;
const isText = (value) => typeof value === "string";
const isWhole = (value, below) => Number.isInteger(value) && value >= 0 && value < below;

function kidOf(header) {
  const kid = header instanceof Map && header.size === 2 && header.get(1) === -7 && header.get(4);
  if (!isBytes(kid) || kid.length !== 8) throw new Malformed("header");
  return toBase64url(kid);
}

function printedOf(claims) {
  if (!(claims instanceof Map) || [...claims.keys()].some((key) => ![EXP, IAT, CTI, CLAIM].includes(key))) {
    throw new Malformed("claims");
  }
  const facts = claims.get(CLAIM);
  if (!Array.isArray(facts) || facts.length < 7 || facts.length > 8) throw new Malformed("claims");
  const [version, kind, name, titleCode, grade, block, index, notice] = facts;
  const id = publicId(claims.get(CTI));
  const fine = version === 1 && KINDS.includes(kind) && [name, titleCode, grade].every(isText) && id
    && isWhole(index, BLOCK) && isWhole(block, 2 ** 40);
  if (!fine) throw new Malformed("claims");
  return {
    id, kind, name, titleCode, grade, block, index, issuedAt: instant(claims.get(IAT)),
    expiresAt: claims.has(EXP) ? instant(claims.get(EXP)) : null, noticeUntil: facts.length > 7 ? day(notice) : "",
  };
}

function publicId(bytes) {
  if (!isBytes(bytes) || bytes.length !== 8 || bytes[0] > 15) return "";
  const number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return Array.from({ length: 12 }, (_, n) => CROCKFORD[Number((number >> BigInt(55 - 5 * n)) & 31n)]).join("");
}

/** Milliseconds. */
function instant(seconds) {
  if (!isWhole(seconds, 253_402_300_800)) throw new Malformed("claims");
  return seconds * 1000;
}

function day(text) {
  const at = isText(text) && /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  if (!at || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text || text < "0001") throw new Malformed("claims");
  return text;
}

/** CBOR of ["Signature1", head, "", payload]. */
function signedPart(head, payload) {
  return joined([0x84, 0x6a], utf8("Signature1"), ...written(head), [0x40], ...written(payload));
}

function written(bytes) {
  const { length } = bytes;
  if (length < 24) return [[0x40 + length], bytes];
  if (length < 256) return [[0x58, length], bytes];
  return [[0x59, length >> 8, length & 255], bytes];
}

function joined(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
