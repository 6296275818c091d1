// What the judge has open: pack, drafts, signed revisions. It keeps, signs and sends; it draws nothing.

import * as store from "./store.js";
import { deviceKey, signSheet } from "./sign.js";
import { Sync } from "./sync.js";
import { pick, t } from "./words.js";

const UNDO = 40;
const TAKEN = new Set(["accepted", "duplicate"]);

export class Session {
  changed = () => {};
  link = "online";
  waiting = 0;
  saved = true;
  part = null;
  work = null;
  #settings;
  #rows = [];
  #drafts = new Map();
  #sync;

  constructor(settings) {
    this.#settings = settings;
  }

  // --- what is there ---

  async load() {
    this.pack = await this.#freshPack();
    await this.#enrol();
    await this.#readStore();
    const place = await store.place(this.pack.contest.id);
    const part = this.parts().find((each) => each.id === place?.part) ?? this.parts()[0];
    if (!part) throw new Error(t("You have no sheets in this contest."));
    await this.open(part, part.codes.find((work) => work.sheet === place?.sheet));
  }

  async #freshPack() {
    const { contest, packAddress } = this.#settings;
    try {
      const reply = await fetch(packAddress, { redirect: "error" });
      if (!reply.ok) throw new Error(`${reply.status}`);
      const pack = await reply.json();
      await store.savePack({ contest, pack });
      return pack;
    } catch (error) {
      const kept = await store.pack(contest);
      if (!kept || /^40[134]$/.test(error.message)) throw error;
      this.link = "offline";
      return kept.pack;
    }
  }

  async #enrol() {
    const { account, devicesAddress, csrf, deviceLabel } = this.#settings;
    await deviceKey(account, async (jwk) => {
      const reply = await fetch(devicesAddress, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
        body: JSON.stringify({ jwk, label: deviceLabel }),
      });
      if (!reply.ok) throw new Error(t("This tablet could not be enrolled ({status}).", { status: reply.status }));
    });
  }

  async #readStore() {
    const { account } = this.#settings;
    this.#rows = (await store.outbox())
      .filter((row) => row.account === account)
      .sort((a, b) => a.seq - b.seq);
    this.#drafts = new Map((await store.drafts()).map((row) => [row.slot, row]));
  }

  parts = () => this.pack.parts;
  title = () => pick(this.pack.contest.title);
  who = () => {
    const facts = [this.part?.seat, this.#settings.label, pick(this.pack.contest.competition)];
    return [...new Set(facts)].filter(Boolean).join(" · ");
  };
  subtitle = () => pick(this.part.module.title);

  /** The aspects that this judge owes for the work that is open. */
  aspects() {
    const only = this.work?.aspects;
    return this.part.module.aspects.filter((aspect) => !only?.length || only.includes(aspect.id));
  }

  // --- the work that is open ---

  async open(part, work) {
    this.part = part;
    this.work = work ?? part.codes.find((each) => this.state(each) !== "signed") ?? part.codes[0] ?? null;
    await store.savePlace({ contest: this.pack.contest.id, part: part.id, sheet: this.work?.sheet });
  }

  next(work) {
    const codes = this.part.codes;
    const after = codes.indexOf(work) + 1;
    return [...codes.slice(after), ...codes.slice(0, after)].find((each) =>
      ["open", "draft"].includes(this.state(each)));
  }

  #slot = (work = this.work) => `${this.#settings.account}|${work?.sheet}`;
  #draft = (work = this.work) => this.#drafts.get(this.#slot(work));

  marks() {
    return this.#draft()?.marks ?? this.work?.head?.marks ?? {};
  }

  count() {
    const marks = this.marks();
    const owed = this.work ? this.aspects() : [];
    return { marked: owed.filter((aspect) => marks[aspect.id]).length, owed: owed.length };
  }

  locked = () => this.pack.contest.state !== "judging" || this.pack.contest.ended;
  dirty = () => Boolean(this.#draft()?.dirty);
  canUndo = () => !this.locked() && (this.#draft()?.past?.length ?? 0) > 0;

  /** Every tap is one durable transaction; "saved" is said when it is committed. */
  async mark(aspect, mark) {
    if (this.locked()) return;
    const before = this.marks();
    const marks = { ...before };
    if (mark) marks[aspect] = mark;
    else delete marks[aspect];
    await this.#keep({ marks, past: [...(this.#draft()?.past ?? []), before].slice(-UNDO), dirty: true });
  }

  async undo() {
    const past = [...(this.#draft()?.past ?? [])];
    if (past.length > 0) await this.#keep({ marks: past.pop(), past, dirty: true });
  }

  async #keep(facts) {
    const row = { ...this.#draft(), ...facts, slot: this.#slot(), contest: this.pack.contest.id };
    this.#drafts.set(row.slot, row);
    this.saved = false;
    this.changed();
    await store.saveDraft(row);
    this.saved = true;
    this.changed();
  }

  // --- signed revisions ---

  #rowsOf = (work) => this.#rows.filter((row) => row.slot === this.#slot(work));
  #taken = (work) => this.#rowsOf(work).filter((row) => TAKEN.has(row.answer)).at(-1);
  signedRow = (work = this.work) => this.#taken(work) ?? this.#rowsOf(work).find((r) => !r.answer) ?? work?.head;
  receiptRow = () => this.#rowsOf(this.work).filter((row) => row.answer).at(-1) ?? null;

  state(work) {
    const last = this.#rowsOf(work).at(-1);
    if (work.state === "conflict" || last?.answer === "conflict") return "conflict";
    if (last && !last.answer) return "waiting";
    if (last && !TAKEN.has(last.answer)) return "refused";
    if (this.#draft(work)?.dirty) return "draft";
    return last || work.head ? "signed" : "open";
  }

  notice() {
    if (!this.work) return { text: "", tone: "" };
    if (this.locked()) return { text: t("Judging is not open: marks can be read only."), tone: "warn" };
    const last = this.#rowsOf(this.work).at(-1);
    const state = this.state(this.work);
    if (state === "waiting") return { text: t("Signed. It is sent as soon as there is a connection."), tone: "warn" };
    if (state === "conflict" || state === "refused") return { text: last?.words || t("conflict"), tone: "bad" };
    if (state === "signed") return { text: this.#storedWords(last), tone: "good" };
    return { text: "", tone: "" };
  }

  #storedWords(row) {
    if (row?.countable === false) return row.words;
    const n = row?.logSeq ?? this.work.head?.seq;
    return n ? t("Signed and stored as No. {n} in the record.", { n }) : t("signed and stored");
  }

  async sign() {
    const { work, part } = this;
    const sheet = {
      rid: crypto.randomUUID(),
      contest: this.pack.contest.id,
      module: part.module.id,
      code: work.code,
      attempt: work.attempt,
      round: work.round,
      judge: part.appointment,
      sheet: work.sheet,
      base: this.signedRow(work)?.rid ?? "",
      marks: this.#owedMarks(),
      rules: this.pack.rules_hash,
      at: new Date().toISOString(),
      app: this.#settings.app,
    };
    const draft = { ...this.#draft(work), slot: this.#slot(work), marks: sheet.marks, past: [], dirty: false };
    const row = await signSheet(this.#settings.account, sheet, draft);
    this.#rows.push(row);
    this.#drafts.set(draft.slot, draft);
    this.waiting += 1;
    await this.#sync.now();
  }

  #owedMarks() {
    const marks = this.marks();
    return Object.fromEntries(this.aspects().filter((a) => marks[a.id]).map((a) => [a.id, marks[a.id]]));
  }

  connect() {
    const { account, revisionsAddress, csrf } = this.#settings;
    this.#sync = new Sync({
      account, csrf, address: revisionsAddress,
      changed: async (link, waiting) => {
        Object.assign(this, { link, waiting });
        await this.#readStore();
        this.changed();
      },
    });
    return this.#sync.now();
  }

  /** The signed revisions as a file: what to carry when no network comes back. */
  backup() {
    const revisions = this.#rows.map((row) => row.jws);
    const file = new Blob([JSON.stringify({ revisions }, null, 1)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `jiangxin-${this.pack.contest.code}-${this.part.seat || "judge"}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}
