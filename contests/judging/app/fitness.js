// "Is this tablet fit for a day without a network?" Each check has its reason and its remedy; all of them
// run at once and none may take longer than it is worth.

import * as clock from "./clock.js";
import * as device from "./device.js";
import * as install from "./install.js";
import * as store from "./store.js";
import { keep } from "./fitness_result.js";
import { compact, verified } from "./sign.js";
import { APP, battery, freeMegabytes, isInstalled, isPersisted, persist, within } from "./tablet.js";
import { later, t } from "./words.js";

const PATIENCE = 12_000;
const LEAST_MB = 200;
const LOW_BATTERY = 30;
const CLOCK = 120_000;

/** slug, what is checked, the check: true = fit, false = unfit, "hint" = worth knowing, null = not known here. */
const CHECKS = [
  ["write", later("Writing to this tablet's memory"), writes, later("Restart the tablet. If it stays so, use another one.")],
  ["key", later("The tablet's key"), signs, later("Return the tablet and enrol it again.")],
  ["kept", later("The app without a network"), appKept, later("Stay connected for a minute, then check again.")],
  ["persisted", later("Storage that is not cleared"), persisted, later("Put the app on the home screen and open it from there; close private windows.")],
  ["space", later("Free space"), space, later("Delete films and photos from the tablet.")],
  ["server", later("The server"), server, later("Join the contest's Wi-Fi and check again.")],
  ["clock", later("The clock"), rightClock, later("Set date and time to automatic. Marks are taken all the same.")],
  ["version", later("The app's version"), current, later("Tap “Update” at the top.")],
  ["installed", later("Opened from the home screen"), installed, later("Put the app on the home screen and open it from there.")],
  ["camera", later("The camera"), camera, later("Without one, codes are typed and sheets are handed over as a file.")],
  ["battery", later("The battery"), charged, later("Charge the tablet before judging.")],
];
/** What may be missing on a fit tablet. */
const ADVICE = new Set(["clock", "camera", "installed", "battery", "version"]);

/** Runs every check; `told(index, outcome)` as each ends. Answers {fit, unfit: [slug], outcomes}. */
export async function check(told = () => {}) {
  const outcomes = await Promise.all(CHECKS.map(async ([slug, , run], n) => {
    const found = await within(PATIENCE, run());
    const outcome = { slug, ok: found?.ok ?? false, words: found?.words ?? "" };
    told(n, outcome);
    return outcome;
  }));
  const unfit = outcomes.filter(({ slug, ok }) => ok === false && !ADVICE.has(slug)).map(({ slug }) => slug);
  const result = { fit: unfit.length === 0, unfit, outcomes };
  await keep(result);
  return result;
}

export const names = () => CHECKS.map(([slug, name, , remedy]) => ({ slug, name: t(name), remedy: t(remedy), advice: ADVICE.has(slug) }));

async function writes() {
  const value = crypto.randomUUID();
  const began = performance.now();
  await store.saveMeta("trial", value);
  const took = Math.round(performance.now() - began);
  return { ok: (await store.meta("trial")) === value, words: t("{n} ms", { n: took }) };
}

async function signs() {
  const key = device.row();
  if (!key) return { ok: false, words: t("not enrolled") };
  const made = await compact(key, "jiangxin-trial+jwt", { trial: true });
  return { ok: Boolean(await verified(made, key.jwk)), words: key.kid };
}

async function appKept() {
  const found = await install.kept();
  if (!found) return { ok: false, words: t("not kept yet") };
  return { ok: found.missing.length === 0, words: found.extras ? t("the extras are on their way") : "" };
}

async function persisted() {
  await persist();
  await new Promise((done) => setTimeout(done, 300));
  if (!navigator.storage?.persist) return { ok: null, words: t("This browser does not say it.") };
  // An app on the home screen is exempt from clearing even where the browser says no.
  return { ok: isPersisted() || isInstalled() };
}

async function space() {
  const free = await freeMegabytes();
  return free === null ? { ok: null, words: "" } : { ok: free >= LEAST_MB, words: t("{n} MB", { n: free }) };
}

async function server() {
  const began = performance.now();
  await device.api("tablet/roster");
  return { ok: true, words: t("{n} ms", { n: Math.round(performance.now() - began) }) };
}

async function rightClock() {
  const off = Math.abs(clock.ahead());
  return { ok: off < CLOCK, words: off < CLOCK ? "" : t("{n} minutes off", { n: Math.round(off / 60_000) }) };
}

async function current() {
  await install.look();
  return { ok: !install.state.waiting, words: APP };
}

async function installed() {
  return { ok: isInstalled() };
}

async function camera() {
  const found = await navigator.mediaDevices?.enumerateDevices?.();
  return { ok: Boolean(found?.some((one) => one.kind === "videoinput")) };
}

async function charged() {
  const found = await battery();
  if (!found) return { ok: null, words: t("This browser does not say it.") };
  return { ok: found.charging || found.level >= LOW_BATTERY, words: `${found.level} %` };
}
