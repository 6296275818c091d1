// What each verdict is called, why, and what to do now: sentences by code.

import { differences, nameOf } from "./places.js";
import { day, later, moment, pick, shown, t } from "./words.js";

/** state -> [tone, sign, word, sentence, what to do]. The tone is colour, the sign a second way to see it. */
const STATES = {
  valid: ["good", "✓", later("Genuine and valid"), later("Signed by its issuer and valid now"), later("Compare the name with the person's document: no machine can do that.")],
  in_notice: ["notice", "◷", later("Genuine, in public notice"), later("Signed by its issuer; objections are possible until {date}, then it is valid"), later("Scan it again after {date}.")],
  suspended: ["warn", "!", later("Suspended"), later("Genuine, but it does not count at present"), later("Ask the issuer when it will count again, and scan it again then.")],
  revoked: ["bad", "✕", later("Withdrawn"), later("The issuer withdrew this certificate; do not rely on it"), later("Open its page for the date and the reason, or ask the issuer.")],
  replaced: ["warn", "!", later("Replaced"), later("Genuine, but the issuer replaced it by a corrected version"), later("Ask for the newer paper, or open its page.")],
  expired: ["warn", "!", later("Expired"), later("Genuine, but no longer in date"), later("Ask the holder whether it was renewed.")],
  not_yet_valid: ["warn", "!", later("Not valid yet"), later("Its first day is still to come"), later("Look whether this device's date is right, then scan it again.")],
  unknown_issuer: ["bad", "✕", later("Unknown issuer"), later("It is not signed by an issuer that is trusted here; do not rely on it"), later("Refresh the lists and scan it again. If it stays like this, ask the issuer by telephone.")],
  altered: ["bad", "✕", later("Altered or forged"), later("It is not what an issuer signed; do not rely on it"), later("Keep the paper and ask the issuer by telephone, not by a number that stands on it.")],
  foreign_host: ["bad", "✕", later("Another address"), later("This picture leads to an address that is not trusted here"), later("Do not open it. Ask the person for a paper with an address of the list below.")],
  nothing_signed: ["idle", "?", later("Nothing signed in it"), later("The picture holds an address alone, and without a network nobody can say what belongs to it"), later("This does not mean forged. Open its page, or scan the picture on the paper itself.")],
  not_certificate: ["idle", "?", later("No certificate"), later("This picture is something else than a certificate's"), later("Look for the square picture near the certificate's number.")],
  status_unknown: ["warn", "?", later("Genuine, status unknown"), later("Signed by its issuer, but whether it still counts can't be found out now"), later("This does not mean forged. Connect to a network and scan it again.")],
};

const REASONS = {
  "too-large": later("It is larger than any certificate."),
  base32: later("It is not written as a certificate is."),
  encoding: later("It is not written as a certificate is."),
  cbor: later("It is not written as a certificate is."),
  cose: later("It is not written as a certificate is."),
  header: later("Its header is not one of ours."),
  claims: later("Its parts contradict one another."),
  signature: later("The signature does not fit."),
  type: later("It is something else than a certificate."),
  leaf: later("This line is not written as an opened line is."),
  "leaf-other-root": later("The line of the score sheet does not lead to the root that the issuer signed."),
  "other-paper": later("The signed content belongs to another certificate than the address."),
  "unknown-key": later("The key that signed it is on no list of ours."),
  "signed-before-use": later("It is dated before its key was in use."),
  "signed-after-retirement": later("It is dated after its key was retired."),
  "key-compromised": later("Its key got into other hands. Its page can say more, because the issuer's ledger is asked there."),
  clock: later("This device's clock is behind. Set it right, then scan the paper again."),
  "no-list": later("This device has never had its issuer's list."),
};

const KINDS = {
  award: later("Award certificate"), level: later("Skill-level certificate"), honour: later("Honour"), partner: later("Partner's certificate"),
  collective: later("Honour of a unit, team or studio"),
};
const LEVELS = {
  5: later("Level 5 (junior worker)"), 4: later("Level 4 (intermediate worker)"), 3: later("Level 3 (senior worker)"),
  2: later("Level 2 (technician)"), 1: later("Level 1 (senior technician)"),
};
const PRIZES = {
  first: later("First prize"), second: later("Second prize"), third: later("Third prize"), excellence: later("Prize for excellence"),
};

/** A unit, a team or a studio has no identity document. */
const COMPARE_COLLECTIVE = later("A unit, a team or a studio holds it: compare its name. No person's document belongs to it.");

/** Suspended for one reason that has words of its own: a correction waits for its answer. */
const CORRECTING = [later("Under correction"), later("Under correction since {since}: ask {issuer}"), later("Don't decide on it yet: ask the issuer, and scan it again once the correction is answered.")];

export const toneOf = (verdict) => (verdict.aged ? "warn" : STATES[verdict.state][0]);

/** {tone, sign, word, sentence, reason, advice}: everything that is said about it. */
export function told(verdict) {
  const [, sign, ...usual] = STATES[verdict.state];
  const [word, sentence, usualAdvice] = verdict.code === "correcting" ? CORRECTING : usual;
  const collective = verdict.state === "valid" && verdict.read?.printed.kind === "collective";
  const advice = collective ? COMPARE_COLLECTIVE : usualAdvice;
  const values = {
    date: day(Date.parse(`${verdict.read?.printed.noticeUntil || "2000-01-01"}T04:00:00Z`)),
    since: day(verdict.since ?? 0), issuer: issuerOf(verdict),
  };
  return {
    tone: toneOf(verdict), sign: verdict.aged ? "✓ ?" : sign, word: verdict.aged ? agedWord(verdict) : t(word),
    sentence: t(sentence, values), reason: reasonOf(verdict), advice: t(advice, values),
  };
}

const issuerOf = ({ read }) => (read ? shown(pick(read.key.issuerName) || read.key.issuer) : "");

/** Good news that is old says so first. */
const agedWord = ({ state, knownAt }) => (state === "valid"
  ? t("Genuine; valid as of {time}", { time: moment(knownAt) })
  : t("Genuine; in public notice as of {time}", { time: moment(knownAt) }));

function reasonOf({ code, knownAt, aged }) {
  if (code === "list-out-of-date") return t("Status unknown since {time}.", { time: moment(knownAt) });
  if (aged) return t("The list is older than its issuer allows. Connect to a network to be sure.");
  return REASONS[code] ? t(REASONS[code]) : "";
}

/** [label, text, class] of the signed content. */
export function factsOf({ read, place, knownAt }) {
  if (!read) return [];
  const { printed, key } = read;
  return [
    [printed.kind === "collective" ? t("Unit, team or studio honoured") : t("Name"), shown(printed.name), "name"],
    [t("Certificate"), printed.kind ? `${t(KINDS[printed.kind])} · ${gradeOf(printed)}` : shown(printed.grade), "what"],
    [t("Occupation or contest"), shown(printed.titleCode), ""],
    [t("Issued by"), issuerOf({ read }), ""],
    [t("Date of signature"), day(printed.issuedAt), ""],
    [t("Valid until"), printed.expiresAt ? day(printed.expiresAt) : "", ""],
    [t("Certificate no."), spaced(printed.id), ""],
    [t("Host"), nameOf(place.origin || key.home), ""],
    [t("List as of"), knownAt ? moment(knownAt) : t("never"), ""],
  ].filter(([, text]) => text);
}

function gradeOf({ kind, grade }) {
  if (kind === "level" && LEVELS[grade]) return t(LEVELS[grade]);
  return PRIZES[grade] ? t(PRIZES[grade]) : shown(grade);
}

const LINE = {
  aspect: later("Line"), module: later("Module"), award: later("Mark"), score: later("Points"), total: later("Total"), penalty: later("Penalty"),
  rank: later("Place"),
};

/** [label, text] of an opened line, in the order of the sheet. */
export const lineOf = ({ line }) => Object.entries(LINE)
  .filter(([name]) => line?.[name] !== undefined && line[name] !== "" && line[name] !== null)
  .map(([name, label]) => [t(label), shown(String(line[name]))]);

const spaced = (id) => id.match(/.{4}/g).join("-");

/** {theirs: parts, ours, words} of a host that may be taken for one of ours; null for one that nobody would. */
export function lookAlike({ place }) {
  if (place.kind !== "foreign") return null;
  const words = place.foreign
    ? t("It is spelt with letters of another script, which look like ours.")
    : place.like ? t("It looks like a trusted address, but it is another one.") : "";
  return { theirs: differences(shown(place.shown), place.like), ours: place.like, words };
}
