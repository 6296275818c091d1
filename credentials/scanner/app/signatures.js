// ES256 by WebCrypto: public keys, their names, and compact JWS under the only headers there are.

import { fromBase64url, fromUtf8, Malformed, toBase64url, utf8 } from "./encoding.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" };

/** Throws for another kind of key or a point that is not on the curve. */
export function keyOf({ kty, crv, x, y }) {
  return crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, false, ["verify"]);
}

/** RFC 7638. */
export const thumbprint = async (jwk) => toBase64url(await hashOf(jwk));

/** The first eight bytes of it. */
export const kidOf = async (jwk) => toBase64url((await hashOf(jwk)).subarray(0, 8));

async function hashOf({ crv, kty, x, y }) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(JSON.stringify({ crv, kty, x, y }))));
}

export async function fits(key, signature, data) {
  return signature.length === 64 && crypto.subtle.verify(ALGORITHM, key, signature, data);
}

/** The one spelling of a header: what names no such header is refused before it is decoded. */
export const header = (keyAddress, typ) => toBase64url(utf8(JSON.stringify({ alg: "ES256", kid: keyAddress, typ })));

/** {claims, signer}. headers: header -> {key, …}. Nothing is read before size, key and signature are right. */
export async function openSigned(token, headers, limit) {
  if (token.length > limit) throw new Malformed("too-large");
  const [head, body, signature, more] = token.split(".");
  const signer = headers.get(head);
  if (!signer || more !== undefined || signature === undefined) throw new Malformed("unknown-key");
  if (!(await fits(signer.key, fromBase64url(signature), utf8(`${head}.${body}`)))) throw new Malformed("signature");
  try {
    return { claims: JSON.parse(fromUtf8(fromBase64url(body))), signer };
  } catch {
    throw new Malformed("encoding");
  }
}
