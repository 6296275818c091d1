// A judge's PIN on this tablet: checked here, so that judges can take turns without a network.
//
// Only a salted hash is kept (PBKDF2, 600 000 rounds). Five wrong tries shut the way for five minutes,
// counted on disk: a reload does not help.

import * as store from "./store.js";
import { base64url, bytesOf } from "./sign.js";

const ROUNDS = 600_000;
const TRIES = 5;
const PAUSE = 5 * 60 * 1000;

export async function remember(account, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const hash = await derived(pin, salt, ROUNDS);
  await store.updatePerson(account, {
    pin: { salt: base64url(salt), hash, rounds: ROUNDS }, failures: 0, until: 0,
  });
}

export const forget = (account) => store.updatePerson(account, { pin: null, failures: 0, until: 0 });

/** Forgets a PIN that was set anew elsewhere since it was typed here: the old one must not open anything. */
export async function compare() {
  for (const { account, pin, pin_set_at: at } of await store.people()) {
    if (!pin || !at || pin.at === at) continue;
    if (pin.at) await forget(account);
    else await store.updatePerson(account, { pin: { ...pin, at } });
  }
}

/** {right, known, wait}: known = this tablet has a PIN of the account; wait = seconds that it is shut. */
export async function check(account, pin) {
  const kept = await store.person(account);
  if (!kept?.pin) return { right: false, known: false, wait: 0 };
  const wait = Math.ceil(((kept.until ?? 0) - Date.now()) / 1000);
  if (wait > 0) return { right: false, known: true, wait };
  const { salt, hash, rounds } = kept.pin;
  const right = same(await derived(pin, bytesOf(salt), rounds), hash);
  const failures = right ? 0 : (kept.failures ?? 0) + 1;
  const shut = failures >= TRIES;
  await store.updatePerson(account, { failures: shut ? 0 : failures, until: shut ? Date.now() + PAUSE : 0 });
  return { right, known: true, wait: shut ? PAUSE / 1000 : 0, left: TRIES - failures };
}

async function derived(pin, salt, iterations) {
  const material = await crypto.subtle.importKey(
    "raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return base64url(await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations }, material, 256));
}

function same(a, b) {
  let differs = a.length ^ b.length;
  for (let n = 0; n < a.length; n += 1) differs |= a.charCodeAt(n) ^ b.charCodeAt(n);
  return differs === 0;
}
