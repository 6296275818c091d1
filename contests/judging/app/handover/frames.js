// A hand-over as a sequence of pictures that may be seen in any order, twice, or not at all.
//
// The first `count` frames hold the blocks one by one. Every later frame is the exclusive-or of about
// half of them, chosen by its number: any `count` frames and one or two more give back the whole, so a
// missed picture never costs another turn.
//
//   "JX1:" and, in base 45: set (4) · count (2) · index (2) · length of the whole (3) · block · crc (4)

import { fromBase45, toBase45 } from "./base45.js";
import { crc32 } from "./crc32.js";

export const MARK = "JX1:";
const HEAD = 11;
const CHECK = 4;
const MOST_BLOCKS = 4000;
const MOST_SETS = 4;

/** Cuts `bytes` (whose first four name the set) for pictures of at most `characters` characters. */
export class Frames {
  #bytes;
  #size;

  constructor(bytes, characters) {
    this.#bytes = bytes;
    this.#size = Math.floor((characters - MARK.length) / 3) * 2 - HEAD - CHECK;
    this.count = Math.ceil(bytes.length / this.#size);
    if (this.count > MOST_BLOCKS) throw new RangeError("too much for pictures");
    /** After so many the sequence starts again: enough for a camera that sees every third. */
    this.length = this.count === 1 ? 1 : 3 * this.count + 16;
  }

  /** The text of the n-th picture. */
  text(n) {
    const index = n % this.length;
    const frame = new Uint8Array(HEAD + this.#size + CHECK);
    const view = new DataView(frame.buffer);
    frame.set(this.#bytes.subarray(0, 4));
    view.setUint16(4, this.count);
    view.setUint16(6, index);
    view.setUint8(8, this.#bytes.length >> 16);
    view.setUint16(9, this.#bytes.length & 0xffff);
    const block = frame.subarray(HEAD, HEAD + this.#size);
    for (const one of chosen(view.getUint32(0), this.count, index)) mix(block, this.#block(one));
    view.setUint32(HEAD + this.#size, crc32(frame.subarray(0, HEAD + this.#size)));
    return MARK + toBase45(frame);
  }

  #block(n) {
    return this.#bytes.subarray(n * this.#size, (n + 1) * this.#size);
  }
}

/** Which blocks the frame is made of. */
function chosen(set, count, index) {
  if (index < count) return [index];
  const random = numbers((set ^ Math.imul(index, 0x9e3779b1)) >>> 0);
  const blocks = [];
  for (let n = 0; n < count; n += 1) if (random()) blocks.push(n);
  return blocks.length ? blocks : [index % count];
}

/** mulberry32: the same on every device. (A generator of shifts and exclusive-ors alone would be
 * linear over GF(2), as the equations are: no more than 32 of its frames would tell anything.) */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return (value ^ (value >>> 14)) >>> 31;
  };
}

function mix(into, block) {
  for (let n = 0; n < block.length; n += 1) into[n] ^= block[n];
}

/** Puts the pictures that a camera reads together again, several sets at once. */
export class Collector {
  #sets = new Map();

  /** null = no picture of ours; else {set, known, count, fresh, whole}: `known` of `count` parts are
   * there, fresh = this picture told something new, whole = the bytes once they are complete. */
  add(text) {
    const frame = opened(text);
    if (!frame) return null;
    const set = this.#setOf(frame);
    const fresh = set.add(frame);
    return { set: frame.key, known: set.known, count: frame.count, fresh, whole: fresh ? set.whole() : null };
  }

  /** Forgets a set: its whole was not what it said to be. */
  drop(key) {
    this.#sets.delete(key);
  }

  #setOf(frame) {
    const found = this.#sets.get(frame.key) ?? new PartialSet(frame);
    this.#sets.delete(frame.key);
    this.#sets.set(frame.key, found);
    if (this.#sets.size > MOST_SETS) this.#sets.delete(this.#sets.keys().next().value);
    return found;
  }
}

function opened(text) {
  const bytes = text.startsWith(MARK) ? fromBase45(text.slice(MARK.length)) : null;
  if (!bytes || bytes.length <= HEAD + CHECK) return null;
  const view = new DataView(bytes.buffer);
  const end = bytes.length - CHECK;
  if (view.getUint32(end) !== crc32(bytes.subarray(0, end))) return null;
  const [set, count, index] = [view.getUint32(0), view.getUint16(4), view.getUint16(6)];
  const length = view.getUint8(8) * 65536 + view.getUint16(9);
  const block = bytes.slice(HEAD, end);
  if (Math.ceil(length / block.length) !== count || count > MOST_BLOCKS) return null;
  return { key: `${set}/${count}/${length}/${block.length}`, set, count, index, length, block };
}

/** Blocks as equations over GF(2), solved as they come. */
class PartialSet {
  #length;
  #count;
  #rows;
  known = 0;

  constructor({ length, count }) {
    this.#length = length;
    this.#count = count;
    this.#rows = new Array(count).fill(null);
  }

  /** Whether it told something new. */
  add({ set, count, index, block }) {
    if (this.known === count) return false;
    const mask = new Uint8Array(count);
    for (const one of chosen(set, count, index)) mask[one] = 1;
    for (let n = 0; n < count; n += 1) {
      if (!mask[n]) continue;
      if (!this.#rows[n]) {
        this.#rows[n] = { mask, block };
        this.known += 1;
        return true;
      }
      mix(mask, this.#rows[n].mask);
      mix(block, this.#rows[n].block);
    }
    return false;
  }

  whole() {
    if (this.known < this.#count) return null;
    for (let n = this.#count - 1; n >= 0; n -= 1) {
      const { mask, block } = this.#rows[n];
      for (let later = n + 1; later < this.#count; later += 1) {
        if (mask[later]) mix(block, this.#rows[later].block);
      }
      mask.fill(0, n + 1);
    }
    const size = this.#rows[0].block.length;
    const bytes = new Uint8Array(this.#count * size);
    this.#rows.forEach(({ block }, n) => bytes.set(block, n * size));
    return bytes.slice(0, this.#length);
  }
}
