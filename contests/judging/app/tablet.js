// What this tablet can tell of itself: battery, storage, how it was opened.

import { current as fitness } from "./fitness_result.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

export const APP = document.querySelector("#app")?.dataset.app ?? "";

export const isInstalled = () =>
  navigator.standalone === true || ["standalone", "fullscreen", "minimal-ui"].some((mode) => matchMedia(`(display-mode: ${mode})`).matches);

const asked = { persisted: null, battery: undefined };

/** Asks once for storage that is not cleared. It may hang (Firefox asks a person) or be missing. */
export async function persist() {
  const { storage } = navigator;
  if (!storage?.persist) return;
  asked.persisted = await within(2000, storage.persisted?.()) ?? null;
  if (!asked.persisted) storage.persist().then((given) => (asked.persisted = given), () => {});
}

export const isPersisted = () => asked.persisted === true;

/** Free space in MB, or null when the browser does not say it. */
export async function freeMegabytes() {
  const found = await within(2000, navigator.storage?.estimate?.());
  return found?.quota ? Math.floor((found.quota - (found.usage ?? 0)) / 1_000_000) : null;
}

export async function battery() {
  if (asked.battery === undefined) asked.battery = (await within(2000, navigator.getBattery?.())) ?? null;
  const { battery: found } = asked;
  return found ? { level: Math.round(found.level * 100), charging: found.charging } : null;
}

/** The answer of `promise`, or undefined after so many milliseconds and on any failure. */
export const within = (limit, promise) =>
  Promise.race([Promise.resolve(promise).catch(() => undefined), new Promise((done) => setTimeout(done, limit))]);

const MOST_STARTED = 200;

/** Sheets that somebody has begun here and not signed yet: their ids, nothing of what is in them. */
const started = async () =>
  (await store.drafts()).filter((row) => row.dirty && row.sheet).map((row) => row.sheet).slice(-MOST_STARTED);

/** What a beat tells. */
export async function facts() {
  const power = await battery();
  const { fit, unfit } = fitness();
  return {
    app: APP,
    battery: power?.level ?? null,
    charging: power?.charging ?? false,
    waiting: (await sync.waiting()).length,
    answered: await sync.answeredUpTo(),
    persisted: isPersisted(),
    installed: isInstalled(),
    free_mb: await freeMegabytes() ?? 0,
    fit, unfit,
    started: await started(),
  };
}
