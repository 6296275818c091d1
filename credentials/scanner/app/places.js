// What the text of a QR is: an address of ours with signed content behind it, or somebody else's that may only look
// like ours.

const CERTIFICATE = "/c/";
const ALIKE = { 0: "o", 1: "l", i: "l", 5: "s", 8: "b" };
const NEAR = 2;

/** {kind, …}. "signed": {origin, pathId, content} · "address": {origin, pathId} has no signed content · "foreign":
 * {host, shown, like} names another host · "other": no address at all. */
export function placeOf(typed, trusted) {
  const text = typed.trim();
  const origin = trusted.origins.find((one) => text.startsWith(one + CERTIFICATE));
  if (origin) return ours(origin, text.slice(origin.length + CERTIFICATE.length));
  if (/^[A-Z2-7]{100,2048}$/.test(text)) return { kind: "signed", origin: "", pathId: "", content: text };
  const host = hostOf(text);
  return host ? { kind: "foreign", host, ...likeness(text, host, trusted.origins) } : { kind: "other" };
}

function ours(origin, rest) {
  const [path, ...more] = rest.split("#");
  const pathId = understood(path);
  return more.length ? { kind: "signed", origin, pathId, content: more.join("#") } : { kind: "address", origin, pathId };
}

/** A typed id as issuers write it; one that is no id at all stays different from every id. */
const understood = (typed) => typed.toUpperCase().replace(/[OIL]/g, (letter) => (letter === "O" ? "0" : "1")).replace(/[- ]/g, "") || "-";

export const nameOf = (origin) => origin.split("://")[1] ?? origin;

/** The host that a browser would open; "" when it would open none. */
function hostOf(text) {
  try {
    const { protocol, host } = new URL(text.includes("://") ? text : `https://${text}`);
    return /^https?:$/.test(protocol) && /[.:]|^localhost$/.test(host) ? host : "";
  } catch {
    return "";
  }
}

/** {shown, like, foreign}: the host as it stands in the picture; ours that it could be taken for, or ""; whether
 * it is spelt with letters of another script. */
function likeness(text, host, origins) {
  const shown = /^(?:https?:\/\/)?(?:[^/?#]*@)?([^/?#]+)/i.exec(text)?.[1] ?? host;
  const foreign = host.split(".").some((label) => label.startsWith("xn--"));
  const near = origins.map(nameOf).find((name) => resembles(host, name) || text.includes(name));
  return { shown, foreign, like: near ?? (foreign ? nameOf(origins[0]) : "") };
}

function resembles(host, name) {
  const [one, other] = [plain(host), plain(name)];
  return one.includes(other) || other.includes(one) || distance(one, other) <= Math.min(NEAR, Math.floor(other.length / 5));
}

/** Without what the eye passes over: dots, hyphens, letters that look the same. */
const plain = (host) => host.toLowerCase().replace(/:\d+$/, "").replace(/rn/g, "m").replace(/vv/g, "w")
  .replace(/[01i58]/g, (letter) => ALIKE[letter]).replace(/[.-]/g, "");

/** Letters to change, add, leave out or swap with their neighbour. */
function distance(one, other) {
  const rows = [Array.from({ length: other.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= one.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      const ways = [rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (same ? 0 : 1)];
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) ways.push(rows[i - 2][j - 2] + 1);
      rows[i].push(Math.min(...ways));
    }
  }
  return rows[one.length][other.length];
}

/** Where the shown host differs from ours: [{text, differs}], for eyes that would pass it over. */
export function differences(shown, ours) {
  const letters = [...shown];
  let start = 0;
  while (start < letters.length && letters[start] === ours[start]) start += 1;
  let end = 0;
  while (end < letters.length - start && end < ours.length - start && letters[letters.length - 1 - end] === ours[ours.length - 1 - end]) end += 1;
  const parts = [letters.slice(0, start), letters.slice(start, letters.length - end), letters.slice(letters.length - end)];
  return parts.map((part, n) => ({ text: part.join(""), differs: n === 1 })).filter(({ text }) => text);
}
