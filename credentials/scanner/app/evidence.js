// One opened line of a score sheet with the certificate that signs its root: {"certificate": token, "leaf": …}, as
// a file or as text. The references are credentials/evidence/leaves.py and credentials/document.py.

import { fromBase64url, Malformed, toBase64url, utf8 } from "./encoding.js";
import { header, openSigned } from "./signatures.js";

const [SALT, HASH, STEPS] = [16, 32, 24];
const [TOKEN_LIMIT, CONTENT_LIMIT, TEXT_LIMIT] = [16 * 1024, 4096, 64 * 1024];
const BLOCK = 131_072;
const TYPES = ["VerifiableCredential", "OpenBadgeCredential"];
const ROOT = "sha-256 ";

/** {token, leaf} of such a text; null for any other. */
export function evidenceIn(text) {
  if (text[0] !== "{" || text.length > TEXT_LIMIT) return null;
  try {
    const { certificate, leaf } = JSON.parse(text);
    return typeof certificate === "string" && leaf ? { token: certificate.trim(), leaf } : null;
  } catch {
    return null;
  }
}

/** {key, printed, root, origin} of a full token that an issuer of `trusted` signed. Throws Malformed. */
export async function openToken(token, trusted) {
  const { claims, signer } = await openSigned(token, headersOf(trusted), TOKEN_LIMIT);
  try {
    return { key: signer.of, origin: signer.origin, printed: printedIn(claims, signer), root: rootIn(claims) };
  } catch (error) {
    throw error instanceof Malformed ? error : new Malformed("claims");
  }
}

/** What the leaf says, when it leads to this root; throws Malformed when it does not. */
export async function lineUnder(root, leaf) {
  const { content, salt, path, ...more } = leaf;
  const fine = typeof content === "string" && content.length <= CONTENT_LIMIT && Array.isArray(path) && path.length <= STEPS
    && Object.keys(more).length === 0;
  if (!fine) throw new Malformed("leaf");
  let found = await hashOf([0], bytesOf(salt, SALT), utf8(content));
  for (const step of path) found = await above(found, step);
  if (!root || toBase64url(found) !== root) throw new Malformed("leaf-other-root");
  return JSON.parse(content);
}

async function above(found, step) {
  if (!Array.isArray(step) || step.length !== 2 || !["left", "right"].includes(step[0])) throw new Malformed("leaf");
  const neighbour = bytesOf(step[1], HASH);
  return step[0] === "left" ? hashOf([1], neighbour, found) : hashOf([1], found, neighbour);
}

function bytesOf(text, length) {
  const bytes = typeof text === "string" ? fromBase64url(text) : [];
  if (bytes.length !== length) throw new Malformed("leaf");
  return bytes;
}

async function hashOf(...parts) {
  const data = new Uint8Array(parts.flatMap((part) => [...part]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

function headersOf(trusted) {
  const keys = trusted.circles.flatMap((circle) => [...circle.keys.values()]).filter((key) => key.purpose === "certificate");
  return new Map(keys.flatMap((of) => of.origins.map((origin) => [header(`${origin}/keys/${of.kid}`, "JWT"), { key: of.key, origin, of }])));
}

/** The same members that a QR carries. Each registered claim must be equal to its member. */
function printedIn(claims, { of: key, origin }) {
  const issuer = `${origin}/issuers/${encodeURIComponent(key.issuer)}`;
  const prefix = `${origin}/c/`;
  const { id, credentialSubject: subject, credentialStatus: status } = claims;
  const expiresAt = claims.validUntil === undefined ? null : instant(claims.validUntil);
  const issuedAt = instant(claims.validFrom);
  const own = JSON.stringify(claims.type) === JSON.stringify(TYPES) && claims.iss === issuer && claims.issuer?.id === issuer
    && id === claims.jti && id.startsWith(prefix) && /^[0-9A-HJKMNP-TV-Z]{12}$/.test(id.slice(prefix.length))
    && subject.id === claims.sub && claims.nbf * 1000 === issuedAt && (expiresAt === null ? claims.exp === undefined : claims.exp * 1000 === expiresAt);
  if (!own) throw new Malformed("claims");
  const lists = `${origin}/status/r/${encodeURIComponent(key.issuer)}/`;
  const block = status.statusListCredential.startsWith(lists) ? status.statusListCredential.slice(lists.length) : "";
  if (![block, status.statusListIndex].every((text) => /^(0|[1-9]\d{0,14})$/.test(text)) || Number(status.statusListIndex) >= BLOCK) throw new Malformed("claims");
  return {
    id: id.slice(prefix.length), kind: "", name: nameIn(subject), titleCode: "", grade: String(claims.name), block: Number(block),
    index: Number(status.statusListIndex), issuedAt, expiresAt, noticeUntil: noticeIn(subject),
  };
}

const nameIn = (subject) => subject.identifier?.find((one) => one.identityType === "name" && one.hashed === false)?.identityHash ?? "";
const noticeIn = (subject) => subject.result?.find((one) => String(one.resultDescription).endsWith("#notice"))?.value ?? "";

function rootIn(claims) {
  const found = (claims.evidence ?? []).map((one) => String(one.description)).find((text) => text.startsWith(ROOT));
  return found ? found.slice(ROOT.length) : "";
}

function instant(text) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) || Number.isNaN(Date.parse(text))) throw new Malformed("claims");
  return Date.parse(text);
}
