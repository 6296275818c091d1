// The tablet's own key, and the signature under each sheet (JWS, ES256).

import * as store from "./store.js";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const text = new TextEncoder();

export const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

export const bytesOf = (part) =>
  Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));

export const sha256 = async (value) =>
  base64url(await crypto.subtle.digest("SHA-256", text.encode(value)));

/** Hex, as pictures are named. */
export async function sha256hex(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/** A new key that cannot be taken out of this browser. */
export async function freshKey() {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const jwk = { kty, crv, x, y };
  return { jwk, kid: await keyId(jwk), secret: pair.privateKey, seq: 0, prev: "", enrolled: false };
}

/** base64url of the first 8 bytes of the RFC 7638 thumbprint. */
async function keyId({ crv, kty, x, y }) {
  const canonical = JSON.stringify({ crv, kty, x, y });
  const digest = await crypto.subtle.digest("SHA-256", text.encode(canonical));
  return base64url(digest.slice(0, 8));
}

/** Signs `sheets` on the head of the device's chain, in their order, and queues them together with
 * the drafts as they stand afterwards. Answers the queued rows. */
export async function signSheets(id, sheets, draftRows) {
  const signing = () => signOnce(id, sheets, draftRows);
  for (;;) {
    const rows = navigator.locks
      ? await navigator.locks.request("jiangxin-sign", signing)
      : await signing();
    if (rows) return rows;
  }
}

async function signOnce(id, sheets, draftRows) {
  const key = await store.deviceRow(id);
  const signed = [];
  let { seq, prev } = key;
  for (const { payload, facts } of sheets) {
    seq += 1;
    const jws = await compact(key, "jiangxin-sheet+jwt", { ...payload, prev, seq });
    prev = await sha256(jws);
    signed.push({ ...facts, rid: payload.rid, kid: key.kid, seq, jws, hash: prev, at: payload.at, answer: "", receipt: "" });
  }
  return (await store.queue(signed, key, draftRows)) ? signed : null;
}

/** Proves to the server that this tablet holds its key. */
export const proof = (key, nonce, at) =>
  compact(key, "jiangxin-device+jwt", { aud: location.origin, nonce, at });

export async function compact(key, typ, payload) {
  const part = (value) => base64url(text.encode(JSON.stringify(value)));
  const input = `${part({ alg: "ES256", kid: key.kid, typ })}.${part(payload)}`;
  return `${input}.${base64url(await crypto.subtle.sign(SIGNING, key.secret, text.encode(input)))}`;
}

/** The payload of a compact JWS, unverified. */
export const payloadOf = (jws) => JSON.parse(new TextDecoder().decode(bytesOf(jws.split(".")[1])));

/** The payload when `jws` carries the signature of the public `jwk`, else null. */
export async function verified(jws, jwk) {
  try {
    const [head, body, signature] = jws.split(".");
    const key = await crypto.subtle.importKey("jwk", jwk, ALGORITHM, false, ["verify"]);
    const right = await crypto.subtle.verify(SIGNING, key, bytesOf(signature), text.encode(`${head}.${body}`));
    return right ? payloadOf(jws) : null;
  } catch {
    return null;
  }
}
