// This tablet towards the server: its key, its enrolment, and requests in its name.
//
// Only our own JSON is an answer. A captive portal's page, a cut connection and a proxy's error are all
// the same thing here: `Offline`.

import * as clock from "./clock.js";
import * as store from "./store.js";
import { freshKey, proof } from "./sign.js";
import { current } from "./words.js";

const PATIENCE = 8000;
const EARLY = 60_000;
const SHARED = "self";

/** No answer of ours came. */
export class Offline extends Error {
  name = "Offline";
}

/** The server answered no: slug and detail are its problem document's; after: seconds until it hears us again. */
export class Refused extends Error {
  constructor(problem, status, after = 0) {
    super(problem.detail || problem.title);
    this.status = status;
    this.after = after;
    this.slug = String(problem.type ?? "").replace("/problems/", "");
    this.detail = problem.detail || problem.title || "";
    this.findings = problem.findings ?? [];
  }
}

const state = { row: null, token: "", until: 0, renewing: null };

export const row = () => state.row;
export const isShared = () => state.row?.id === SHARED;
export const isPersonal = () => Boolean(state.row) && !isShared();

/** The key that this browser works with: a shared tablet's first, else the last personal one. */
export async function load() {
  const id = (await store.meta("device")) ?? "";
  const rows = await store.deviceRows();
  const shared = rows.find((each) => each.id === SHARED && each.enrolled);
  use(shared ?? rows.find((each) => each.id === id && each.enrolled) ?? null);
  return state.row;
}

function use(found) {
  Object.assign(state, { row: found, token: "", until: 0 });
}

export async function reread() {
  if (state.row) state.row = await store.deviceRow(state.row.id);
  return state.row;
}

// --- requests -----------------------------------------------------------------------------------

/** One request without the tablet's name. options: method, body, raw (a Blob), headers, patience,
 * seen(headers) of the answer. */
export async function ask(path, options = {}) {
  const asked = Date.now();
  const reply = await reach(path, options);
  if (reply.status === 204) return null;
  const value = await ours(reply);
  options.seen?.(reply.headers);
  if (!reply.ok) throw reply.status >= 500 ? new Offline(`${reply.status}`) : refused(value, reply);
  if (typeof value?.time === "string") clock.heard(value.time, asked);
  return value;
}

async function reach(path, { method = "GET", body, raw, headers = {}, patience = PATIENCE, credentials = "omit" }) {
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const kind = raw ? { "Content-Type": raw.type || "application/octet-stream" }
    : body === undefined ? {} : { "Content-Type": "application/json" };
  try {
    return await fetch(`/api/v1/judging/${path}`, {
      method, credentials, cache: "no-store", redirect: "error", body: content, signal: AbortSignal.timeout(patience),
      headers: { Accept: "application/json", "Accept-Language": current(), ...kind, ...headers },
    });
  } catch (error) {
    throw new Offline(error.message);
  }
}

/** The answer's JSON; a page in its place is not ours. */
async function ours(reply) {
  const kind = reply.headers.get("Content-Type") ?? "";
  const wanted = reply.ok ? "application/json" : "application/problem+json";
  if (!kind.startsWith(wanted)) throw new Offline(`${reply.status} ${kind}`);
  try {
    return await reply.json();
  } catch (error) {
    throw new Offline(error.message);
  }
}

/** A request in this tablet's name; its session is made and renewed on the way. */
export async function api(path, options = {}) {
  const send = async () =>
    ask(path, { ...options, headers: { ...options.headers, Authorization: `Tablet ${await token()}` } });
  try {
    return await send();
  } catch (error) {
    if (error.status !== 401) throw error;
    state.token = "";
    return send();
  }
}

/** As `api`, for bytes: answers the Response. */
export async function bytes(path) {
  const reply = await reach(path, { headers: { Authorization: `Tablet ${await token()}`, Accept: "*/*" } });
  if (!reply.ok) throw reply.status >= 500 ? new Offline(`${reply.status}`) : refused(await ours(reply), reply);
  return reply;
}

const refused = (problem, reply) =>
  new Refused(problem, reply.status, Number(reply.headers.get("Retry-After")) || 0);

async function token() {
  if (!state.row) throw new Offline("not enrolled");
  if (state.token && Date.now() < state.until - EARLY) return state.token;
  state.renewing ??= renew().finally(() => (state.renewing = null));
  return state.renewing;
}

async function renew() {
  const key = state.row;
  const answer = await openSession(key);
  if (state.row?.id !== key.id) throw new Offline("another key");
  state.token = answer.token;
  state.until = Date.now() + answer.expires_in * 1000;
  await noteServer(key.id, answer);
  return state.token;
}

async function openSession(key) {
  const { nonce } = await ask("tablet/nonce");
  return ask("tablet/session", { method: "POST", body: { proof: await proof(key, nonce, clock.stamp()) } });
}

async function noteServer(id, { installation, receipt_key, label, kind }) {
  const keys = { ...(await store.meta("receipt_keys")), [installation]: receipt_key };
  await store.saveMeta("receipt_keys", keys);
  const facts = { enrolled: true, installation, receipt_key, label, kind };
  state.row = (await store.updateDevice(id, facts)) ?? state.row;
}

/** The keys that receipts may be signed with: of every installation that this tablet spoke to. */
export const receiptKeys = async () => Object.values((await store.meta("receipt_keys")) ?? {});

// --- enrolment ----------------------------------------------------------------------------------

/** Enrols this browser as a shared tablet with a one-time code. The same key again when the answer to an
 * earlier try was lost or the server forgot it; a new one when the old one was revoked. */
export async function enrolShared(code, label = "") {
  const key = await store.keepDevice(await freshShared());
  let answer;
  try {
    answer = await enrolKey(key, code, label);
  } catch (error) {
    if (error.slug !== "conflict" && !error.findings?.some((one) => one.code === "key-taken")) throw error;
    answer = await openSession(key).catch(() => enrolNew(key, code, label));
  }
  await noteServer(SHARED, answer);
  await store.saveMeta("device", SHARED);
  use(await store.deviceRow(SHARED));
  return state.row;
}

const freshShared = async () => ({ ...(await freshKey()), id: SHARED, kind: "tablet", label: "", installation: "" });

async function enrolKey(key, code, label) {
  const { nonce } = await ask("tablet/nonce");
  const body = { code, jwk: key.jwk, label, proof: await proof(key, nonce, clock.stamp()) };
  return ask("tablet/enrolment", { method: "POST", body });
}

/** What the old key signed stays in the outbox, and its number stays known. */
async function enrolNew(old, code, label) {
  await store.keepDevice({ ...old, id: `old-${old.kid}`, enrolled: false });
  const key = await freshShared();
  await store.updateDevice(SHARED, key);
  return enrolKey(key, code, label);
}

/** Who is logged in in this browser: {account, label, csrf, installation}; account "" = nobody. */
export const whoami = () => ask("me", { credentials: "same-origin" });

/** Makes this browser the personal device of the account that is logged in. */
export async function enrolPersonal({ account, label, csrf }) {
  const fresh = async () => ({ ...(await freshKey()), id: account, account, kind: "personal", label, installation: "" });
  let key = (await store.deviceRow(account)) ?? (await store.keepDevice(await fresh()));
  if (!key.enrolled) {
    await ask("devices", {
      method: "POST", body: { jwk: key.jwk, label: browserName() }, credentials: "same-origin",
      headers: { "X-CSRF-Token": csrf },
    });
    key = await store.updateDevice(account, { enrolled: true });
  }
  await store.saveMeta("device", account);
  await store.updatePerson(account, { label });
  use(key);
  return key;
}

function browserName() {
  const agent = navigator.userAgent;
  const system = ["iPad", "iPhone", "Android", "Windows", "Macintosh", "Linux"].find((each) => agent.includes(each));
  const browser = ["Edg", "Firefox", "Chrome", "Safari"].find((each) => agent.includes(each));
  return [system, browser].filter(Boolean).join(" ").slice(0, 80);
}

/** Forgets which key is in use (not the key): the next start asks again. */
export async function leave() {
  await store.removeMeta("device");
  use(null);
}
