// Token Status Lists: two bits for each of 131,072 positions, signed by the issuer's key for lists. The reference
// is credentials/lists.py.

import { fromBase64url, Malformed } from "./encoding.js";
import { header, openSigned } from "./signatures.js";

const LIMIT = 256 * 1024;
const BYTES = 131_072 / 4;
const WORDS = ["valid", "revoked", "suspended", "replaced"];

/** {raw, issuedAt, expiresAt, freshFor}. Throws Malformed for a list that is not this issuer's and this block's.
 * `home`: the installation that the issuer belongs to, because two may know one by the same code. */
export async function openList(token, trusted, { home, issuer, block }) {
  const { claims, signer } = await openSigned(token, headersOf(trusted, home, issuer), LIMIT);
  const named = claims.iss === `${signer.origin}/issuers/${encodeURIComponent(issuer)}`
    && claims.sub === `${signer.origin}${pathOf(issuer, block)}`;
  const dated = [claims.iat, claims.exp].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!named || !dated || claims.status_list?.bits !== 2) throw new Malformed("status-list");
  return {
    raw: await inflated(claims.status_list.lst), issuedAt: claims.iat * 1000, expiresAt: claims.exp * 1000,
    freshFor: (Number.isSafeInteger(claims.ttl) ? claims.ttl : 3600) * 1000, correcting: correctingIn(claims),
  };
}

export const pathOf = (issuer, block) => `/status/t/${encodeURIComponent(issuer)}/${block}`;

/** Index -> milliseconds since when a correction of that certificate waits for its answer. */
function correctingIn({ correcting = [] }) {
  const fine = Array.isArray(correcting) && correcting.every((one) => Array.isArray(one) && one.length === 2 && one.every((value) => Number.isSafeInteger(value) && value >= 0));
  if (!fine) throw new Malformed("status-list");
  return new Map(correcting.map(([index, at]) => [index, at * 1000]));
}

export const statusAt = ({ raw }, index) => WORDS[(raw[index >> 2] >> (2 * (index & 3))) & 3];

/** Whether `list` is an older state than `known`. Dates are whole seconds; within one nothing is taken back that
 * is for good: the low bit of "revoked" and "replaced". */
export function isOlder(list, known) {
  if (list.issuedAt !== known.issuedAt) return list.issuedAt < known.issuedAt;
  return known.raw.some((byte, n) => byte & 0x55 & ~list.raw[n]);
}

function headersOf(trusted, home, issuer) {
  const circle = trusted.circles.find((one) => one.home === home);
  const keys = [...(circle?.keys.values() ?? [])].filter((key) => key.purpose === "status" && key.issuer === issuer && !key.revokedAt);
  return new Map(keys.flatMap((key) => key.origins.map((origin) =>
    [header(`${origin}/keys/${key.kid}`, "statuslist+jwt"), { key: key.key, origin }])));
}

/** Exactly one block: what would grow beyond it is given up at once. */
async function inflated(text) {
  const packed = new Blob([fromBase64url(String(text))]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const raw = new Uint8Array(BYTES);
  let at = 0;
  try {
    for (let part = await packed.read(); !part.done; part = await packed.read()) {
      raw.set(part.value, at);
      at += part.value.length;
    }
  } catch {
    packed.cancel().catch(() => {});
    throw new Malformed("status-list");
  }
  if (at !== BYTES) throw new Malformed("status-list");
  return raw;
}
