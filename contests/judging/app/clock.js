// What time the server has. A tablet's clock may be hours off; nobody is stopped for that.

import * as store from "./store.js";

let offset = 0;

export async function start() {
  offset = (await store.meta("clock")) ?? 0;
}

/** The server said `time` (ISO) in an answer to a question asked `asked` ms ago by this clock. */
export function heard(time, asked) {
  const now = Date.now();
  const server = Date.parse(time);
  if (!Number.isFinite(server)) return;
  const found = Math.round(server - (asked + now) / 2);
  const changed = Math.abs(found - offset) > 1000;
  offset = found;
  if (changed) store.saveMeta("clock", found);
}

/** Milliseconds that the server's clock is ahead of this one. */
export const ahead = () => offset;
export const now = () => new Date(Date.now() + offset);
export const stamp = () => now().toISOString();
