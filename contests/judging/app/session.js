// One unlocked judge in one contest: what there is to mark, drafts, signed revisions. It keeps and signs; it
// draws nothing, and it never sees another judge's marks.

import * as beat from "./beat.js";
import * as device from "./device.js";
import { Drafts, stepped, travelled } from "./drafts.js";
import * as packs from "./packs.js";
import { factsOf, isSomething, payload, plain } from "./payload.js";
import * as pictures from "./pictures.js";
import * as standing from "./standing.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { emit, on } from "./signals.js";
import { payloadOf, signSheets } from "./sign.js";
import { pick } from "./words.js";

const NOTHING = Object.freeze({ unsure: false, photos: [], file: "" });

export class Session {
  /** Called after every change; {rebuilt: true} when there are other works or aspects than before. */
  changed = () => {};
  waiting = 0;
  part = null;
  work = null;
  #row;
  #rows = [];
  #slots = new Map();
  #payloads = new Map();
  #drafts = null;
  #unlocked = new Set();
  #complete = new Set();
  #signing = null;
  #closed = false;
  #offs = [];

  /** Opens what is on the tablet, fetched first when it is not there yet. Throws `Offline` or `Refused`. */
  static async open({ account, label, contest, leader = false }) {
    const kept = await store.packRow(contest, account);
    const session = new Session();
    Object.assign(session, { account, label, contest, leader });
    session.#row = kept ?? (await packs.refresh(contest, account));
    await session.#begin(Boolean(kept));
    return session;
  }

  async #begin(refresh) {
    await this.#readOutbox();
    this.#drafts = await Drafts.of(this.account, () => this.#tell());
    const place = (await store.place(this.account))?.at?.[this.contest];
    const part = this.parts().find((each) => each.id === place?.part) ?? this.parts()[0] ?? null;
    if (part) await this.open(part, part.codes.find((work) => work.sheet === place?.sheet));
    this.#offs = [
      on("outbox", () => this.#outboxChanged()),
      on("link", () => this.#tell()),
      on("heads", (which) => which.account === this.account && which.contest === this.contest && this.#reread()),
    ];
    if (refresh) packs.refresh(this.contest, this.account).catch(() => {});
    await sync.retry((row) => row.account === this.account);
  }

  /** Locks: from here on nothing of this judge is told to anybody. */
  close() {
    this.#closed = true;
    for (const off of this.#offs) off();
    this.#drafts.close();
    this.#rows = [];
    this.#slots = new Map();
    this.#payloads = new Map();
    this.changed = () => {};
  }

  #tell(how) {
    if (!this.#closed) this.changed(how);
  }

  async #outboxChanged() {
    await this.#readOutbox();
    this.#tell();
  }

  async #readOutbox() {
    const own = (await store.outbox()).filter((row) => row.account === this.account);
    if (this.#closed) return;
    this.waiting = own.filter((row) => !row.answer).length;
    this.#rows = own.filter((row) => row.contest === this.contest).sort((a, b) => a.seq - b.seq);
    this.#slots = new Map();
    for (const row of this.#rows) this.#slots.set(row.slot, [...(this.#slots.get(row.slot) ?? []), row]);
  }

  async #reread() {
    const found = await store.packRow(this.contest, this.account);
    if (this.#closed || !found) return;
    const rebuilt = shape(found.pack) !== shape(this.#row.pack);
    keepWorks(this.#row.pack, found.pack);
    this.#row = found;
    this.part = this.parts().find((each) => each.id === this.part?.id) ?? this.parts()[0] ?? null;
    const { sheet, code, attempt } = this.work ?? {};
    this.work = this.part?.codes.find((each) => each.sheet === sheet)
      ?? this.part?.codes.find((each) => each.code === code && each.attempt === attempt)
      ?? this.part?.codes[0] ?? null;
    this.#lookWhetherComplete();
    this.#tell({ rebuilt });
  }

  // --- what there is --------------------------------------------------------------------------------

  get pack() { return this.#row.pack; }
  get saved() { return this.#drafts.saved; }
  get link() { return beat.state.link; }
  parts = () => this.pack.parts;
  title = () => pick(this.pack.contest.title);
  subtitle = () => pick(this.part?.module.title);
  seat = () => this.part?.seat ?? "";
  who = () => [...new Set([this.seat(), this.label])].filter(Boolean).join(" · ");

  /** The aspects that this judge owes for a work. */
  aspects(work = this.work) {
    const part = this.#partOf(work);
    return (part?.module.aspects ?? []).filter((aspect) => !work?.aspects?.length || work.aspects.includes(aspect.id));
  }

  #partOf = (work) => this.parts().find((part) => part.codes.includes(work)) ?? this.part;

  async open(part, work) {
    // Who opens may hold a part or a work of a pack that has been read anew since.
    this.part = this.parts().find((each) => each.id === part.id) ?? part;
    const { codes } = this.part;
    this.work = codes.find((each) => each.sheet === work?.sheet) ?? work
      ?? codes.find((each) => this.state(each) !== "signed") ?? codes[0] ?? null;
    await store.savePlace(this.account, this.contest, { part: this.part.id, sheet: this.work?.sheet });
    this.#lookWhetherComplete();
  }

  next(work) {
    const { codes } = this.part;
    const after = codes.indexOf(work) + 1;
    return [...codes.slice(after), ...codes.slice(0, after)].find((each) =>
      ["open", "draft", "again"].includes(this.state(each)));
  }

  // --- marks ----------------------------------------------------------------------------------------

  slot = (work = this.work) => store.draftSlot(this.account, work?.sheet);
  #draft = (work = this.work) => this.#drafts.get(this.slot(work));
  #rowsOf = (work) => this.#slots.get(this.slot(work)) ?? [];
  head = (work = this.work) => this.#row.heads[work?.sheet] ?? work?.head ?? null;
  dirty = (work = this.work) => Boolean(this.#draft(work)?.dirty);

  marks(work = this.work) {
    const draft = this.#draft(work);
    return draft?.dirty ? draft.marks : (this.#signedFacts(work)?.marks ?? {});
  }

  about(aspect, work = this.work) {
    const draft = this.#draft(work);
    const about = draft?.dirty ? draft.about : (this.#signedFacts(work)?.about ?? draft?.about);
    return { ...NOTHING, ...about?.[aspect] };
  }

  /** What was signed last: here, or on another tablet when that came later. */
  #signedFacts(work) {
    const last = this.#rowsOf(work).at(-1);
    const head = this.head(work);
    const newer = head && (!last || (last.answer && head.rid !== last.rid && standing.overtaken(last, head)));
    if (newer) return { marks: head.marks, about: head.about ?? {} };
    return last ? this.#payloadOf(last) : null;
  }

  /** Every tap asks for the marks of every sheet; what was signed never changes. */
  #payloadOf(row) {
    if (!this.#payloads.has(row.rid)) this.#payloads.set(row.rid, payloadOf(row.jws));
    return this.#payloads.get(row.rid);
  }

  count(work = this.work) {
    const marks = this.marks(work);
    const owed = work ? this.aspects(work) : [];
    const missing = owed.filter((aspect) => !marks[aspect.id]).map((aspect) => aspect.id);
    return { marked: owed.length - missing.length, owed: owed.length, missing };
  }

  /** "" or why marks can't be changed: closed, ended (nobody may), entry, round (a countersigned
   * correction may). */
  locked(work = this.work) {
    if (this.#row.ended) return "ended";
    if ((this.#row.state ?? this.pack.contest.state) !== "judging") return "closed";
    const lock = this.pack.lock ?? "session";
    const signed = work && this.signedRow(work) != null;
    if (!signed || this.#unlocked.has(this.slot(work))) return "";
    if (lock === "entry") return "entry";
    return lock === "round" && this.#complete.has(this.slot(work)) ? "round" : "";
  }

  /** Under the rule "round" a sheet is locked when everybody in the group has handed this work in. */
  async #lookWhetherComplete(work = this.work) {
    const waits = this.pack.lock === "round" && work && this.signedRow(work) && !this.#complete.has(this.slot(work));
    if (!waits || !(await packs.groupSheets(this.contest, this.#partOf(work), work, work.round))) return;
    this.#complete.add(this.slot(work));
    this.#tell();
  }

  /** Lets a locked sheet be corrected; its signature will need a leader's countersign. */
  unlock(work = this.work) {
    this.#unlocked.add(this.slot(work));
    this.#tell();
  }

  needsCountersign = (work = this.work) => this.#unlocked.has(this.slot(work));
  canUndo = () => !this.locked() && (this.#draft()?.past?.length ?? 0) > 0;
  canRedo = () => !this.locked() && (this.#draft()?.future?.length ?? 0) > 0;

  /** Every tap is one durable transaction; "saved" is said when it is committed. */
  mark(aspect, mark) {
    return this.#step(({ marks, about }) => {
      const { [aspect]: _, ...others } = marks;
      return { marks: mark ? { ...others, [aspect]: mark } : others, about };
    });
  }

  setAbout(aspect, facts) {
    return this.#step(({ marks, about }, work) => ({
      marks, about: { ...about, [aspect]: { ...this.about(aspect, work), ...facts } },
    }));
  }

  #abouts = (work = this.work) => Object.fromEntries(
    this.aspects(work).map(({ id }) => [id, this.about(id, work)]).filter(([, about]) => isSomething(about)));

  #now = (work = this.work) => ({ marks: this.marks(work), about: this.#abouts(work) });

  #step(change) {
    return this.#keep((work) => {
      const now = this.#now(work);
      return { ...change(now, work), ...stepped(this.#draft(work), now) };
    });
  }

  undo = () => this.#keep((work) => travelled(this.#draft(work), this.#now(work), ["past", "future"]));
  redo = () => this.#keep((work) => travelled(this.#draft(work), this.#now(work), ["future", "past"]));

  /** A tap while the sheet is being signed is about what is signed then. */
  async #keep(change) {
    const { work } = this;
    if (this.#signing) await this.#signing.catch(() => {});
    const facts = !work || this.locked(work) || this.#closed ? null : change(work);
    if (!facts) return;
    const row = this.#draftRow(work, facts);
    await this.#drafts.write([row], () => store.saveDraft(row));
  }

  #draftRow(work, facts) {
    const place = { slot: this.slot(work), account: this.account, sheet: work.sheet, contest: this.contest };
    const row = { ...this.#drafts.or(place.slot), ...facts, ...place };
    const signed = this.#signedFacts(work) ?? { marks: {} };
    const same = plain(row.marks) === plain(signed.marks) && plain(row.about) === plain(signed.about ?? {});
    return { ...row, dirty: facts.dirty ?? !same };
  }

  /** Moves all marks that are not signed yet to another code, whose own unsigned marks come here. Opens it. */
  async moveMarks(to) {
    const from = this.work;
    const may = (work) => !this.locked(work) && this.signedRow(work) == null;
    if (!may(from) || !may(to) || this.#partOf(from) !== this.#partOf(to)) return false;
    const of = (work) => {
      const { marks, about, past, future } = this.#drafts.or(this.slot(work));
      return { marks, about, past, future };
    };
    const [here, there] = [of(from), of(to)];
    const rows = [this.#draftRow(from, there), this.#draftRow(to, here)];
    await this.#drafts.write(rows, () => store.saveDrafts(rows));
    await this.open(this.part, to);
    return true;
  }

  // --- signed revisions -----------------------------------------------------------------------------

  #taken = (work) => this.#rowsOf(work).filter((row) => sync.TAKEN.has(row.answer)).at(-1);
  signedRow = (work = this.work) =>
    this.#taken(work) ?? this.#rowsOf(work).find((row) => !row.answer) ?? this.head(work);
  receiptRow = (work = this.work) => this.#rowsOf(work).filter((row) => row.answer).at(-1) ?? null;

  #standing = (work) => ({ work, last: this.#rowsOf(work).at(-1), head: this.head(work), dirty: this.dirty(work) });

  /** open, draft, waiting, sending, signed, conflict, refused, again (to be marked once more). */
  state = (work) => standing.stateOf(this.#standing(work));

  /** Where the marks of a work are: {state, at, words}; none, tablet, sending, stored, attention. */
  delivery = (work = this.work) => standing.delivery(this.#standing(work));

  notice = (work = this.work) => (work ? standing.notice(this.#standing(work), this.locked(work)) : { text: "", tone: "" });

  /** Signs the open work. options: confirmed "taps" or "pin", scribe (account), countersign {judge, reason}. */
  sign({ confirmed = "taps", scribe = "", countersign = null } = {}) {
    return this.#queue([this.#signed(this.work, this.#now(), { confirmed, scribe, countersign })]);
  }

  /** The marks of two signed sheets change places: two revisions in one, both countersigned. */
  async swap(one, other, { countersign, confirmed = "taps", scribe = "" }) {
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    const how = { confirmed, scribe, countersign };
    return this.#queue([
      this.#signed(one, this.#now(other), { ...how, rid: first, swap: second }),
      this.#signed(other, this.#now(one), { ...how, rid: second, swap: first }),
    ]);
  }

  /** A revision, with the row that keeps it and the draft as it is when it is signed. */
  #signed(work, facts, how) {
    const about = { contest: this.contest, rules: this.pack.rules_hash, part: this.#partOf(work), work, base: this.#base(work) };
    const made = payload({ ...about, ids: this.aspects(work).map((aspect) => aspect.id) }, facts, how);
    const draft = this.#draftRow(work, { ...factsOf(made), past: [], future: [], dirty: false, signed: made.rid });
    const row = { rid: made.rid, account: this.account, contest: this.contest, sheet: work.sheet, slot: draft.slot };
    return { payload: made, facts: row, draft };
  }

  async #queue(sheets) {
    if (beat.state.refused === "device-revoked") throw new Error(beat.state.refusal);
    const drafts = sheets.map(({ draft }) => draft);
    this.#signing = signSheets(device.row().id, sheets, drafts).then(() => this.#readOutbox());
    try {
      await this.#drafts.write([], () => this.#signing);
      await this.#drafts.write(drafts, async () => {});
    } finally {
      this.#signing = null;
    }
    for (const row of drafts) this.#unlocked.delete(row.slot);
    emit("outbox");
    sync.now();
  }

  /** The revision that the next one replaces: our own that is under way, else the latest on record. */
  #base(work) {
    const under = this.#rowsOf(work).filter((row) => !row.answer).at(-1);
    if (under) return under.rid;
    const [taken, head] = [this.#taken(work), this.head(work)];
    const newest = head && (head.seq ?? 0) >= (taken?.log_seq ?? 0) ? head : taken;
    return newest?.rid ?? "";
  }

  // --- looking back ---------------------------------------------------------------------------------

  /** Every revision of a work that was signed on this tablet, oldest first. */
  history(work = this.work) {
    return this.#rowsOf(work).map((row) => ({ ...row, ...factsOf(payloadOf(row.jws)) }));
  }

  /** The judge's own marks, works by aspects: [{part, aspects, works: [{work, state, marks}]}]. */
  table() {
    return this.parts().map((part) => ({
      part,
      aspects: part.module.aspects,
      works: part.codes.map((work) => ({ work, state: this.state(work), marks: this.marks(work) })),
    }));
  }

  /** [{round, aspects, marks, group}] of a work; group = the colleagues' sheets once all are in, else null. */
  rounds(work = this.work) {
    return packs.rounds(this, this.#partOf(work), work);
  }

  /** The judge's own marks in one round of a work, as signed on this tablet. */
  ownRound(part, { code, attempt }, round) {
    const rows = this.#rows.map((row) => payloadOf(row.jws)).filter((one) =>
      one.judge === part.appointment && one.module === part.module.id && one.code === code
      && one.attempt === attempt && one.round === round);
    return rows.at(-1)?.marks ?? null;
  }

  /** Keeps a picture and notes its hash on the aspect. It is sent after the sheets. */
  async addPhoto(aspect, blob) {
    const sha = await pictures.keep(this.contest, blob);
    await this.setAbout(aspect, { photos: [...new Set([...this.about(aspect).photos, sha])] });
    sync.now();
    return sha;
  }

  async addFile(aspect, blob) {
    const sha = await pictures.keepFile(this.contest, blob);
    await this.setAbout(aspect, { file: sha });
    sync.now();
    return sha;
  }

  photo = (sha) => pictures.find(this.contest, sha);
}

/** A work stays the same object in a newer pack: whoever holds it, an open dialog for one, holds it as it is now. */
function keepWorks(before, after) {
  const known = new Map(before.parts.flatMap((part) => part.codes).map((work) => [work.sheet, work]));
  for (const part of after.parts) {
    part.codes = part.codes.map((work) => {
      const held = known.get(work.sheet);
      if (!held) return work;
      for (const fact of Object.keys(held)) delete held[fact];
      return Object.assign(held, work);
    });
  }
}

/** What decides whether the page has to be built again. */
const shape = (pack) => JSON.stringify([pack.lock, pack.parts.map((part) =>
  [part.id, part.seat, part.module, part.codes.map((work) => [work.sheet, work.code, work.aspects, work.trial])])]);
