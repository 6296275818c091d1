// What there is to mark: the packs on this tablet, fetched when they change, with the heads of the sheets
// as the server last told them.

import { api } from "./device.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { emit } from "./signals.js";

const fetching = new Map();

/** Fetches a pack and keeps it. Answers its row. */
export function refresh(contest, account) {
  const key = store.packKey(contest, account);
  if (!fetching.has(key)) {
    fetching.set(key, fetchPack(contest, account).finally(() => fetching.delete(key)));
  }
  return fetching.get(key);
}

async function fetchPack(contest, account) {
  let etag = "";
  const pack = await api(`tablet/packs/${contest}/${account}`, {
    seen: (headers) => (etag = headers.get("ETag") ?? ""), patience: 20_000,
  });
  const kept = await store.packRow(contest, account);
  const row = {
    key: store.packKey(contest, account), contest, account, pack, etag,
    heads: kept?.heads ?? {}, rounds: kept?.rounds ?? [], length: kept?.length ?? 0,
    state: pack.contest.state, ended: pack.contest.ended,
  };
  await store.savePack(row);
  emit("heads", { contest, account });
  return row;
}

/** Takes one contest's state out of a beat's answer. */
export async function merge({ contest, account, state, ended, length, pack, heads, rounds }) {
  const before = await store.packRow(contest, account);
  if (!before) return;
  const changed = heads.length > 0 || before.state !== state || before.ended !== ended
    || before.length !== length || JSON.stringify(before.rounds) !== JSON.stringify(rounds);
  if (changed) {
    const heard = Date.now();
    const found = Object.fromEntries(heads.map((head) => [head.sheet, { ...head, heard }]));
    await store.updatePack(contest, account, (kept) => ({
      ...kept, state, ended, rounds, length, heads: length < kept.length ? found : { ...kept.heads, ...found },
    }));
    await settle(heads, account);
    emit("heads", { contest, account });
  }
  // A new round has sheets of its own, and the tag does not tell of it.
  const again = JSON.stringify(before.rounds) !== JSON.stringify(rounds);
  if (again || (pack && pack !== before.etag)) await refresh(contest, account).catch(() => {});
}

/** Somebody decided on a revision of ours that had been set aside: ask for its receipt again. */
async function settle(heads, account) {
  const rids = new Set(heads.map((head) => head.rid));
  if (rids.size > 0) await sync.retry((row) => row.account === account && rids.has(row.rid));
}

/** The next beat asks for every head again. */
export async function forgetLengths() {
  for (const row of await store.packs()) {
    await store.updatePack(row.contest, row.account, (kept) => ({ ...kept, length: 0 }));
  }
}

/** Every round of a work up to the present one, with the colleagues' sheets where all of them are in. */
export async function rounds(session, part, work) {
  const found = [];
  for (let round = 1; round <= work.round; round += 1) {
    const own = round === work.round ? session.marks(work) : session.ownRound(part, work, round);
    const aspects = round === work.round && work.aspects?.length ? work.aspects : part.module.aspects.map((each) => each.id);
    const group = await groupSheets(session.contest, part, work, round);
    const mine = group?.find((sheet) => sheet.seat === part.seat)?.marks;
    found.push({ round, aspects, marks: own ?? mine ?? {}, group });
  }
  return found;
}

/** Kept once they are complete, so that they can be read without a network. */
export async function groupSheets(contest, part, { code, attempt }, round) {
  const key = `group|${part.id}|${code}|${attempt}|${round}`;
  const query = new URLSearchParams({ module: part.module.id, code, attempt, round });
  try {
    const sheets = await api(`tablet/group-sheets/${contest}/${part.appointment}?${query}`);
    if (sheets.length === 0) return null;
    await store.saveMeta(key, sheets);
    return sheets;
  } catch {
    return (await store.meta(key)) ?? null;
  }
}

/** {signed, owed} of one judge in one contest, as far as this tablet knows. */
export async function progress(contest, account) {
  const row = await store.packRow(contest, account);
  if (!row) return { signed: 0, owed: 0 };
  const own = new Set((await store.outbox()).filter((each) => each.account === account).map((each) => each.sheet));
  const works = row.pack.parts.flatMap((part) => part.codes);
  const signed = works.filter(({ sheet, head }) => row.heads[sheet] || head || own.has(sheet)).length;
  return { signed, owed: works.length };
}
