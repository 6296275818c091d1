// The tablet's own key and the signature under each sheet (JWS, ES256).

import * as store from "./store.js";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const text = new TextEncoder();

export const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

export const sha256 = async (value) =>
  base64url(await crypto.subtle.digest("SHA-256", text.encode(value)));

/** This account's key on this tablet: made once, never extractable, enrolled at the server. */
export async function deviceKey(account, enrol) {
  const kept = (await store.key(account)) ?? (await store.keepKey(await freshKey(account)));
  if (kept.enrolled) return kept;
  await enrol(kept.jwk);
  const enrolled = { ...(await store.key(account)), enrolled: true };
  await store.replaceKey(enrolled);
  return enrolled;
}

async function freshKey(account) {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const jwk = { kty, crv, x, y };
  return { account, jwk, kid: await keyId(jwk), secret: pair.privateKey, seq: 0, prev: "" };
}

/** base64url of the first 8 bytes of the RFC 7638 thumbprint. */
async function keyId({ crv, kty, x, y }) {
  const canonical = JSON.stringify({ crv, kty, x, y });
  const digest = await crypto.subtle.digest("SHA-256", text.encode(canonical));
  return base64url(digest.slice(0, 8));
}

/** Signs `sheet` on the head of this device's chain and queues it. Answers the queued row. */
export async function signSheet(account, sheet, draftRow) {
  const signing = () => signOnce(account, sheet, draftRow);
  for (;;) {
    const row = navigator.locks
      ? await navigator.locks.request("jiangxin-sign", signing)
      : await signing();
    if (row) return row;
  }
}

async function signOnce(account, sheet, draftRow) {
  const key = await store.key(account);
  const seq = key.seq + 1;
  const payload = { ...sheet, prev: key.prev, seq };
  const jws = await compact(key, payload);
  const row = {
    rid: sheet.rid,
    account,
    contest: sheet.contest,
    slot: draftRow.slot,
    seq,
    jws,
    hash: await sha256(jws),
    answer: "",
    at: sheet.at,
  };
  return (await store.queue(row, key, { ...draftRow, signed: sheet.rid })) ? row : null;
}

async function compact(key, payload) {
  const header = { alg: "ES256", kid: key.kid, typ: "jiangxin-sheet+jwt" };
  const part = (value) => base64url(text.encode(JSON.stringify(value)));
  const input = `${part(header)}.${part(payload)}`;
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    key.secret,
    text.encode(input),
  );
  return `${input}.${base64url(signature)}`;
}
