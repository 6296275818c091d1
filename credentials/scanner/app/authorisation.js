// What the offline root says of the keys that sign the trust bundle. Its format: docs/certificates/keys.md.

import { fromBase64url, fromUtf8, Malformed, utf8 } from "./encoding.js";
import { fits, header as headerOf, keyOf, thumbprint } from "./signatures.js";

const LIMIT = 64 * 1024;
const TYPE = "jiangxin-root+jwt";
const LEEWAY = 300;

/** {root, n, origins, keys: [jwk]}. pinned: {root: thumbprint, n: the highest number seen}; with root "" whichever
 * root signed it is told. */
export async function authorised(token, pinned, now) {
  if (typeof token !== "string" || token.length > LIMIT) throw new Malformed("unauthorised");
  const [head, body, signature, more] = token.split(".");
  const claims = read(body);
  const root = await thumbprint(claims.root);
  if ((pinned.root && pinned.root !== root) || more !== undefined || head !== headerOf(root, TYPE)) throw new Malformed("unauthorised");
  const genuine = await fits(await keyOf(claims.root), fromBase64url(signature ?? ""), utf8(`${head}.${body}`));
  if (!genuine) throw new Malformed("unauthorised");
  const at = now / 1000;
  if (claims.n < pinned.n) throw new Malformed("bundle-replayed");
  if (!(claims.nbf - LEEWAY <= at && at < claims.exp)) throw new Malformed("unauthorised-now");
  return { root, n: claims.n, origins: claims.origins, keys: claims.keys.map((key) => key.jwk) };
}

function read(body) {
  try {
    const claims = JSON.parse(fromUtf8(fromBase64url(body)));
    const numbers = [claims.n, claims.nbf, claims.exp].every((value) => Number.isSafeInteger(value));
    if (!numbers || !Array.isArray(claims.origins) || !Array.isArray(claims.keys)) throw new Malformed("unauthorised");
    return claims;
  } catch {
    throw new Malformed("unauthorised");
  }
}
