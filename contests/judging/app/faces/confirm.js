// "Enter your PIN to confirm": the judge who signs while a scribe taps, and the leader who countersigns.

import { dialog } from "../dialog.js";
import { element, say } from "../shared/dom.js";
import { pad } from "../pad.js";
import * as people from "../people.js";
import * as store from "../store.js";
import { t } from "../words.js";

/** Resolves to true when `account`'s PIN was entered; `why` says what it is for. */
export async function confirmPin(account, why) {
  const person = await store.person(account);
  const told = element("p.notice", { role: "alert", hidden: true });
  const tell = (words) => {
    say(told, words);
    told.hidden = false;
    told.dataset.tone = "bad";
  };
  let finish = () => {};
  const keys = pad(async (pin) => {
    keys.busy(true);
    const found = await tried(account, pin);
    keys.busy(false);
    keys.clear();
    return found === true ? finish(true) : tell(found);
  }, t("PIN"));
  const who = [person && people.seatOf(person), person?.label].filter(Boolean).join(" · ");
  const answer = await dialog(t("PIN of {who}", { who }), [element("p", {}, why), told, keys.node],
    [["quiet", t("Back"), false]], (close) => { finish = close; keys.node.focus(); });
  keys.unmount();
  return answer === true;
}

async function tried(account, pin) {
  try {
    return (await people.isPinOf(account, pin)) || t("That PIN is not right.");
  } catch (error) {
    return error.name === "Offline" ? t("This PIN can only be checked with a connection.") : error.detail;
  }
}
