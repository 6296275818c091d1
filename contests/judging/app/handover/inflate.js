// Unpacks raw deflate (RFC 1951). Browsers that are old enough to lack DecompressionStream still read
// what a newer one shows; bounded, so that a picture cannot fill the memory.

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST_CODE = 15;

/** Throws RangeError for anything that is no whole deflate stream of at most `most` bytes. */
export function inflate(bytes, most) {
  const input = new Bits(bytes);
  const output = new Output(most);
  for (let last = 0; !last;) {
    last = input.take(1);
    const kind = input.take(2);
    if (kind === 0) stored(input, output);
    else if (kind === 1) coded(input, output, ...FIXED());
    else if (kind === 2) coded(input, output, ...dynamic(input));
    else throw new RangeError("deflate: unknown block");
  }
  return output.bytes();
}

class Bits {
  #bytes;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  take(count) {
    while (this.#count < count) {
      if (this.#at >= this.#bytes.length) throw new RangeError("deflate: cut short");
      this.#held |= this.#bytes[this.#at++] << this.#count;
      this.#count += 8;
    }
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  /** The bytes of a stored block begin at a whole byte. */
  align() {
    this.take(this.#count % 8);
  }

  symbol({ counts, symbols }) {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST_CODE; length += 1) {
      code |= this.take(1);
      if (code - counts[length] < first) return symbols[index + code - first];
      index += counts[length];
      first = (first + counts[length]) << 1;
      code <<= 1;
    }
    throw new RangeError("deflate: unknown code");
  }
}

class Output {
  #held = new Uint8Array(4096);
  #length = 0;
  #most;

  constructor(most) {
    this.#most = most;
  }

  put(byte) {
    if (this.#length >= this.#most) throw new RangeError("deflate: too long");
    if (this.#length === this.#held.length) {
      const wider = new Uint8Array(this.#held.length * 2);
      wider.set(this.#held);
      this.#held = wider;
    }
    this.#held[this.#length++] = byte;
  }

  copy(distance, length) {
    if (distance > this.#length) throw new RangeError("deflate: before the start");
    for (let n = 0; n < length; n += 1) this.put(this.#held[this.#length - distance]);
  }

  bytes() {
    return this.#held.slice(0, this.#length);
  }
}

/** A code by the lengths of its symbols' codes. */
function code(lengths) {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (const length of lengths) counts[length] += 1;
  counts[0] = 0;
  const starts = new Uint16Array(LONGEST_CODE + 2);
  for (let length = 1; length <= LONGEST_CODE; length += 1) starts[length + 1] = starts[length] + counts[length];
  const symbols = [];
  lengths.forEach((length, symbol) => {
    if (length) symbols[starts[length]++] = symbol;
  });
  return { counts, symbols };
}

let fixed = null;

function FIXED() {
  const lengths = Array.from({ length: 288 }, (_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8));
  return (fixed ??= [code(lengths), code(new Array(30).fill(5))]);
}

function dynamic(input) {
  const [literals, distances, used] = [input.take(5) + 257, input.take(5) + 1, input.take(4) + 4];
  const small = new Array(19).fill(0);
  for (let n = 0; n < used; n += 1) small[ORDER[n]] = input.take(3);
  const lengthCode = code(small);
  const lengths = [];
  while (lengths.length < literals + distances) {
    const symbol = input.symbol(lengthCode);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) repeat(lengths, lengths.at(-1) ?? 0, 3 + input.take(2));
    else repeat(lengths, 0, symbol === 17 ? 3 + input.take(3) : 11 + input.take(7));
  }
  return [code(lengths.slice(0, literals)), code(lengths.slice(literals, literals + distances))];
}

function repeat(list, value, times) {
  for (let n = 0; n < times; n += 1) list.push(value);
}

function stored(input, output) {
  input.align();
  const length = input.take(16);
  if ((length ^ input.take(16)) !== 0xffff) throw new RangeError("deflate: broken block");
  for (let n = 0; n < length; n += 1) output.put(input.take(8));
}

function coded(input, output, literals, distances) {
  for (;;) {
    const symbol = input.symbol(literals);
    if (symbol === 256) return;
    if (symbol < 256) output.put(symbol);
    else {
      const n = symbol - 257;
      if (n >= LENGTHS.length) throw new RangeError("deflate: unknown length");
      const length = LENGTHS[n] + input.take(LENGTH_BITS[n]);
      const far = input.symbol(distances);
      if (!(far < DISTANCES.length)) throw new RangeError("deflate: unknown distance");
      output.copy(DISTANCES[far] + input.take(DISTANCE_BITS[far]), length);
    }
  }
}
