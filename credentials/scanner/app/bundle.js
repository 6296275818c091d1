// The signed trust bundle: whose keys count, and under which hosts. Its format: docs/certificates/keys.md.
//
// It is believed when the pinned root has authorised the key that signed it, or, where there is no root, when a key
// that this device holds already has signed it; and only when it is not older than the one at hand: an old bundle
// played again would bring a stolen key back.

import { authorised } from "./authorisation.js";
import { fromBase64url, fromUtf8, Malformed } from "./encoding.js";
import { header, keyOf, kidOf, openSigned } from "./signatures.js";

const LIMIT = 8 * 1024 * 1024;
const TYPE = "jiangxin-trust+jwt";

/** {circles, origins, home, madeAt, root, n, keys}. A circle is one installation with its hosts and keys; the first
 * is this one, the others are those that it believes.
 *
 * pinned: {origins, keys: [jwk], root, n}. made: {home: when its newest known bundle was made}. */
export async function openBundle(token, pinned, made, now) {
  const { claims, n, root } = await opened(token, pinned, now);
  const circles = [await circleOf(claims)];
  const [own] = circles;
  if (!own.origins.some((origin) => pinned.origins.includes(origin))) throw new Malformed("other-issuer");
  for (const one of claims.installations ?? []) {
    const circle = await believed(one, now).catch(() => null);
    if (circle) circles.push({ ...circle, origins: circle.origins.filter((origin) => !circles.some((known) => known.origins.includes(origin))) });
  }
  if (circles.some((circle) => circle.madeAt < (made[circle.home] ?? 0))) throw new Malformed("bundle-replayed");
  return {
    circles, home: own.home, origins: circles.flatMap((circle) => circle.origins), madeAt: own.madeAt,
    next: { origins: own.origins, keys: successors(own), root, n },
  };
}

/** With a root: only what it authorised. The first authorisation that a held key passes on is pinned from then on. */
async function opened(token, pinned, now) {
  if (token.length > LIMIT) throw new Malformed("too-large");
  if (pinned.root) {
    const said = await authorised(unsigned(token).authorisation, pinned, now);
    const { claims } = await openSigned(token, await headersOf(said), LIMIT);
    if ([claims.iss, ...(claims.formerOrigins ?? [])].some((origin) => !said.origins.includes(origin))) throw new Malformed("unauthorised");
    return { claims, root: pinned.root, n: said.n };
  }
  // An installation that moved signs with the same key under its new name; the old one is compared afterwards.
  const { claims } = await openSigned(token, await headersOf({ origins: [unsigned(token).iss], keys: pinned.keys }), LIMIT);
  if (!claims.authorisation) return { claims, root: "", n: 0 };
  const said = await authorised(claims.authorisation, { root: "", n: 0 }, now);
  return { claims, root: said.root, n: said.n };
}

/** Another installation's bundle. Ours vouches for it, under its root where it has one. */
async function believed({ origin, root, bundle }, now) {
  const seen = unsigned(bundle);
  const pinned = root ? { root, n: 0 } : { origins: [origin], keys: seen.keys.filter(mayFollow).map((key) => key.jwk) };
  const circle = await circleOf((await opened(bundle, pinned, now)).claims);
  if (!circle.origins.includes(origin)) throw new Malformed("other-issuer");
  return circle;
}

/** What it says before anybody vouched for it: only to find out who should. */
function unsigned(token) {
  try {
    return JSON.parse(fromUtf8(fromBase64url(token.split(".")[1])));
  } catch {
    throw new Malformed("bundle");
  }
}

async function headersOf({ origins, keys }) {
  const headers = new Map();
  for (const jwk of keys) {
    const [kid, key] = await Promise.all([kidOf(jwk), keyOf(jwk)]);
    for (const origin of origins) headers.set(header(`${origin}/keys/${kid}`, TYPE), { kid, key });
  }
  return headers;
}

async function circleOf(claims) {
  try {
    const names = new Map(claims.issuers.map((issuer) => [issuer.code, issuer.name]));
    const circle = {
      home: origin(claims.iss), origins: [claims.iss, ...(claims.formerOrigins ?? []).map(origin)],
      madeAt: seconds(claims.iat), expiresAt: seconds(claims.exp),
    };
    const keys = await Promise.all(claims.keys.map((entry) => keyIn(entry, names, circle)));
    if (new Set(keys.map((key) => key.kid)).size !== keys.length) throw new Malformed("bundle");
    return { ...circle, keys: new Map(keys.map((key) => [key.kid, key])) };
  } catch (error) {
    throw error instanceof Malformed ? error : new Malformed("bundle");
  }
}

async function keyIn(entry, names, circle) {
  if ((await kidOf(entry.jwk)) !== entry.kid) throw new Malformed("bundle");
  return {
    ...circle, kid: entry.kid, issuer: text(entry.issuer), issuerName: names.get(entry.issuer) ?? {}, purpose: text(entry.purpose),
    jwk: entry.jwk, key: await keyOf(entry.jwk), demonstration: entry.demonstration === true,
    activeFrom: instant(entry.activeFrom), retiredAt: instant(entry.retiredAt), revokedAt: instant(entry.revokedAt),
  };
}

const mayFollow = (key) => key.purpose === "trust" && !key.revokedAt && !key.retiredAt;

/** The keys that may sign the next bundle: those that this one names for it. */
const successors = (circle) => [...circle.keys.values()].filter(mayFollow).map((key) => key.jwk);

function text(value) {
  if (typeof value !== "string") throw new Malformed("bundle");
  return value;
}

function origin(value) {
  if (!/^https?:\/\/[^/?#@\s]+$/.test(value)) throw new Malformed("bundle");
  return value;
}

function seconds(value) {
  if (!Number.isSafeInteger(value) || value < 0) throw new Malformed("bundle");
  return value * 1000;
}

/** Milliseconds of "2026-11-20T08:00:00Z"; null when there is none. */
function instant(value) {
  if (value === undefined) return null;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) || Number.isNaN(Date.parse(value))) throw new Malformed("bundle");
  return Date.parse(value);
}
