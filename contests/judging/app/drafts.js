// One judge's drafts: in memory as the screen shows them, on disk before it says so.

import * as store from "./store.js";
import { emit } from "./signals.js";

const UNDO = 40;
const EMPTY = Object.freeze({ past: [], future: [], marks: {}, about: {} });

export class Drafts {
  #rows = new Map();
  #writing = 0;
  #told;

  static async of(account, told) {
    const drafts = new Drafts();
    drafts.#told = told;
    drafts.#rows = new Map((await store.draftsOf(account)).map((row) => [row.slot, row]));
    return drafts;
  }

  get = (slot) => this.#rows.get(slot);
  or = (slot) => this.#rows.get(slot) ?? EMPTY;

  /** Whether everything is on disk. */
  get saved() { return this.#writing === 0; }

  /** Shows `rows` at once and saves them; what could not be saved is taken back. */
  async write(rows, save) {
    const before = rows.map((row) => [row.slot, this.#rows.get(row.slot)]);
    for (const row of rows) this.#rows.set(row.slot, row);
    this.#writing += 1;
    this.#told();
    try {
      return await save();
    } catch (error) {
      for (const [slot, row] of before) row ? this.#rows.set(slot, row) : this.#rows.delete(slot);
      emit("unsaved", error);
      throw error;
    } finally {
      this.#writing -= 1;
      this.#told();
    }
  }

  close() {
    this.#rows = new Map();
    this.#told = () => {};
  }
}

/** What a step back leads to is kept in `past`, what a step forward leads to in `future`. */
export const stepped = (draft, before) => ({ past: [...(draft?.past ?? []), before].slice(-UNDO), future: [] });

/** One step from one list to the other: what a draft is then, or null when there is none to take. */
export function travelled(draft, now, [from, to]) {
  const steps = [...(draft?.[from] ?? [])];
  if (steps.length === 0) return null;
  return { ...steps.pop(), [from]: steps, [to]: [...(draft[to] ?? []), now].slice(-UNDO) };
}
