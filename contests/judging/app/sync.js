// Carries the outbox to the server: exactly once for the judge, at least once on the wire.
//
// navigator.onLine is never believed: only our own JSON that names our revision is an answer.

import * as store from "./store.js";

const BATCH = 20;
const PATIENCE = 8000;
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;

export class Sync {
  #options;
  #timer = 0;
  #wait = FIRST_WAIT;
  #running = null;

  /** options: account, address, csrf, changed(state, rows) called after every attempt. */
  constructor(options) {
    this.#options = options;
    for (const name of ["online", "pageshow", "focus"]) addEventListener(name, () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
  }

  /** Tries at once; one attempt at a time. */
  now() {
    clearTimeout(this.#timer);
    this.#running ??= this.#attempt().finally(() => (this.#running = null));
    return this.#running;
  }

  async #attempt() {
    const pending = await this.pending();
    const reached = pending.length === 0 || (await this.#send(pending.slice(0, BATCH)));
    const left = await this.pending();
    this.#options.changed(reached ? "online" : "offline", left.length);
    this.#wait = reached ? FIRST_WAIT : Math.min(this.#wait * 2, LONGEST_WAIT);
    if (left.length > 0) this.#later();
  }

  /** Rows without an answer, in the order in which they were signed. */
  async pending() {
    const rows = (await store.outbox()).filter(
      (row) => row.account === this.#options.account && !row.answer,
    );
    return rows.sort((a, b) => a.seq - b.seq);
  }

  #later() {
    const jitter = 0.7 + Math.random() * 0.6;
    this.#timer = setTimeout(() => this.now(), this.#wait * jitter);
  }

  async #send(rows) {
    try {
      const reply = await fetch(this.#options.address, {
        method: "POST",
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
        headers: { "Content-Type": "application/json", "X-CSRF-Token": this.#options.csrf },
        body: JSON.stringify({ revisions: rows.map((row) => row.jws) }),
      });
      return reply.ok && (await this.#keep(rows, reply));
    } catch {
      return false;
    }
  }

  async #keep(rows, reply) {
    if (!reply.headers.get("Content-Type")?.startsWith("application/json")) return false;
    const { answers = [] } = await reply.json();
    for (const answer of answers) {
      const row = rows.find((sent) => sent.rid === answer.rid);
      if (row && names(answer.receipt, row)) await store.answered(row.rid, facts(answer));
    }
    return rows.every((row) => answers.some((answer) => answer.rid === row.rid));
  }
}

/** Whether the receipt is of exactly these signed bytes. */
function names(receipt, row) {
  try {
    const part = receipt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(part)).jws_hash === row.hash;
  } catch {
    return false;
  }
}

const facts = ({ answer, seq, receipt, message, countable }) => ({
  answer, receipt, countable, words: message, logSeq: seq, received: new Date().toISOString(),
});
