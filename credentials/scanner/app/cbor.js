// A reader of canonical CBOR and of nothing else: shortest lengths, definite, sorted keys, each once; no tags,
// floats or simple values. What it takes, writing it again would give byte for byte.

import { fromUtf8, Malformed } from "./encoding.js";

const DEEPEST = 4;
const SMALLEST = [24, 256, 65_536, 4_294_967_296];

/** Numbers, strings, Uint8Array, arrays and Map. */
export function decoded(bytes) {
  const reader = { bytes, at: 0 };
  const value = item(reader, 0);
  if (reader.at !== bytes.length) throw new Malformed("cbor");
  return value;
}

function item(reader, depth) {
  if (depth > DEEPEST) throw new Malformed("cbor");
  const [major, number] = head(reader);
  if (major === 0) return number;
  if (major === 1) return -1 - number;
  if (major === 2) return take(reader, number);
  if (major === 3) return fromUtf8(take(reader, number));
  if (major === 4) return list(reader, number, depth + 1);
  if (major === 5) return map(reader, number, depth + 1);
  throw new Malformed("cbor");
}

function head(reader) {
  const [first] = take(reader, 1);
  const [major, low] = [first >> 5, first & 31];
  if (low < 24) return [major, low];
  if (low > 27) throw new Malformed("cbor");
  const number = take(reader, 1 << (low - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
  if (number < SMALLEST[low - 24] || number > Number.MAX_SAFE_INTEGER) throw new Malformed("cbor");
  return [major, number];
}

function take(reader, length) {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw new Malformed("cbor");
  const taken = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return taken;
}

function list(reader, length, depth) {
  if (length > reader.bytes.length) throw new Malformed("cbor");
  const out = [];
  while (out.length < length) out.push(item(reader, depth));
  return out;
}

function map(reader, length, depth) {
  if (length > reader.bytes.length) throw new Malformed("cbor");
  const out = new Map();
  let before = null;
  for (let n = 0; n < length; n += 1) {
    const start = reader.at;
    const key = item(reader, depth);
    const written = reader.bytes.subarray(start, reader.at);
    if (before && !comesAfter(written, before)) throw new Malformed("cbor");
    out.set(key, item(reader, depth));
    before = written;
  }
  return out;
}

/** Shorter keys first, then by their bytes. */
function comesAfter(one, other) {
  if (one.length !== other.length) return one.length > other.length;
  const at = one.findIndex((byte, n) => byte !== other[n]);
  return at >= 0 && one[at] > other[at];
}
