// Where one work stands: for the judge in eight states, for the sheet's way to the record in four. Pure: from the
// rows that this tablet signed for it, the server's head, and whether something is drafted.

import * as sync from "./sync.js";
import { t } from "./words.js";

/** Whether the server's head says more than our own last row. */
export const overtaken = (last, head) => Boolean(head) && (!last || (head.seq ?? 0) > (last.log_seq || 0)
  || (last.answer === "conflict" && head.state !== "conflict" && (head.heard ?? 0) > (last.got ?? 0)));

/** open, draft, waiting, sending, signed, conflict, refused, again (to be marked once more). */
export function stateOf({ work, last, head, dirty }) {
  if (last && !last.answer) return last.problem ? "refused" : sync.isSending(last) ? "sending" : "waiting";
  if ((head?.state ?? work.state) === "conflict") return "conflict";
  const settled = last && head && (head.rid === last.rid || overtaken(last, head));
  if (last?.answer === "conflict" && !settled) return "conflict";
  if (dirty) return "draft";
  if (last && !sync.TAKEN.has(last.answer) && !settled) return "refused";
  if ((head ?? last)?.countable === false) return "refused";
  if (last || head) return "signed";
  return work.round > 1 ? "again" : "open";
}

const WAY = {
  conflict: "attention", refused: "attention", sending: "sending", draft: "tablet", waiting: "tablet", signed: "stored",
};

/** {state, at, words}: none, tablet, sending, stored, attention. */
export function delivery(standing) {
  const { last } = standing;
  const state = WAY[stateOf(standing)] ?? "none";
  const at = state === "stored" || state === "attention" ? last?.received : last?.at;
  return { state, at: at ?? "", words: state === "attention" ? attention(last) : last?.words ?? "" };
}

const attention = (last) => last?.problem || last?.words
  || t("Another revision of this sheet is on record too. Both are kept, and your group leader decides which one counts.");

/** {text, tone} to stand beside the code. */
export function notice(standing, locked) {
  if (locked === "closed" || locked === "ended") {
    return { text: t("Judging is not open: marks can be read only."), tone: "warn" };
  }
  const { state, words } = delivery(standing);
  if (state === "attention") return { text: words, tone: "bad" };
  if (state === "stored") return { text: storedWords(standing), tone: "good" };
  if (stateOf(standing) === "waiting" || state === "sending") {
    return { text: t("Signed. It is sent as soon as there is a connection."), tone: "warn" };
  }
  return { text: "", tone: "" };
}

function storedWords({ last, head }) {
  const n = Math.max(last?.log_seq ?? 0, head?.seq ?? 0);
  return n ? t("Signed and stored as No. {n} in the record.", { n }) : t("signed and stored");
}
