// The menu: language, light, whose turn it is, hand-over, the tablet itself.

import { app, asked, changeLanguage, changeTheme, show } from "../app.js";
import { dialog } from "../dialog.js";
import * as device from "../device.js";
import { button, element } from "../shared/dom.js";
import * as people from "../people.js";
import { APP } from "../tablet.js";
import { current, LANGUAGES, t } from "../words.js";

/** actions: lock, home (back to where the tablet was), chooser, leave (log out of a personal browser) */
export async function menu(actions) {
  const several = app.person ? (await people.contestsOf(app.person)).length > 1 : false;
  const enrolled = Boolean(device.row());
  let finish = () => {};
  const entry = (icon, words, act) => button("entry", { onclick: () => { finish(); act(); } },
    element("span", { "aria-hidden": "true" }, icon), " ", words);
  const face = (load) => async () => {
    const mount = await asked(load);
    if (!mount) return;
    actions.cover();
    show(mount, actions.home);
  };
  const entries = [
    device.isShared() && app.person && entry("⇄", t("Switch judge"), actions.lock),
    several && entry("▤", t("My contests"), actions.chooser),
    enrolled && entry("▣", t("Signed sheets"), actions.delivery),
    enrolled && entry("✉", t("Messages"), actions.messages),
    enrolled && entry("⇪", t("Hand over without a network"), handover),
    enrolled && entry("✓", t("Check this tablet"), face(async () => (await import("./fitness.js")).fitnessFace)),
    device.isShared() && entry("?", t("Forgotten PIN"), face(async () => (await import("./reset.js")).resetPin)),
    entry("＋", t("How to install"), help),
    enrolled && entry("↺", t("Return this tablet"), face(async () => (await import("./giveback.js")).giveBack)),
    device.isPersonal() && app.person?.leader && entry("▦", t("Control room"), () => location.assign("/judging/control")),
    device.isPersonal() && entry("⎋", t("Log out of this browser"), actions.leave),
  ];
  await dialog(t("Menu"), [
    element("fieldset.choose", {}, element("legend", {}, t("Language")),
      Object.entries(LANGUAGES).map(([code, name]) => chip(name, code === current(), { lang: code, "data-language": code }, () => { finish(); changeLanguage(code); }))),
    element("fieldset.choose", {}, element("legend", {}, t("Light")),
      ["day", "outdoor"].map((theme) => chip(theme === "day" ? t("Indoors") : t("Outdoors"), document.documentElement.dataset.theme === theme,
        { "data-theme-choice": theme }, () => { finish(); changeTheme(theme); }))),
    element("div.entries", {}, entries.filter(Boolean)),
    element("p.version", {}, [t("Version {version}", { version: APP }), device.row()?.label, device.row()?.kid].filter(Boolean).join(" · ")),
  ], [["quiet", t("Close"), null]], (close) => (finish = close));
}

const chip = (words, pressed, attributes, act) =>
  button("chip.wide", { "aria-pressed": String(pressed), onclick: act, ...attributes }, words);

async function help() {
  const faces = await asked(() => import("./elsewhere.js"));
  const root = element("div");
  faces?.installHelp(root);
  if (faces) await dialog(t("How to install"), root);
}

/** The camera's reader is larger than the whole app. */
export async function handover() {
  const module = await asked(() => import("../handover/index.js"));
  await module?.openHandover(app.session);
}
