// What is shown in place of the app where it could not keep anything, and how it is put on the home screen.

import { element } from "../shared/dom.js";
import { isApple } from "../browser.js";
import { t } from "../words.js";

const picture = (name, words) => element("img.drawn", { src: new URL(`../pictures/${name}.svg`, import.meta.url), alt: words, width: 320, height: 240 });

/** On a page of its own its title is the first heading, in a dialog the second. */
const title = (root, words) => element(root.matches("main") ? "h1" : "h2", {}, words);

const panel = (root, ...content) => root.append(element("div.panel.picture", {}, content));

const steps = (...words) => element("ol.steps", {}, words.map((each) => element("li", {}, each)));

export const inWeChat = (root) => openReal(root, t("WeChat"));
export const inAlipay = (root) => openReal(root, t("Alipay"));

function openReal(root, name) {
  panel(root, title(root, t("Open this page in a real browser")),
    element("p", {}, t("Inside {name} nothing can be kept for hours without a network, so judging does not work here.", { name })),
    picture("open-browser", t("The three dots at the top right, then the menu entry with the globe.")),
    steps(t("Tap ··· at the top right."), t("Choose “Open in browser”."), t("Go on there.")));
}

export function noWorker(root) {
  panel(root, title(root, t("This browser can't judge")),
    element("p", {}, window.isSecureContext
      ? t("It can't keep the app for airplane mode. Open the address in Safari, Chrome, Edge or Firefox, not in a private window.")
      : t("The address must begin with https://. Ask the control room for the right one.")),
    picture("open-browser", t("The three dots at the top right, then the menu entry with the globe.")),
    element("p.address", {}, location.origin + "/judging/"));
}

export function installFirst(root) {
  panel(root, title(root, t("Put the app on the home screen first")),
    element("p", {}, t("On an iPad or iPhone the app on the home screen has storage of its own, which is not cleared. So it is installed first, then enrolled.")),
    picture("install-ipad", t("The share button, the entry “Add to Home Screen”, and the icon on the home screen.")),
    steps(t("Tap the share button: the square with the arrow."), t("Choose “Add to Home Screen”, then “Add”."),
      t("Open 匠心 from the home screen and scan the code there.")));
}

/** The same, to be read from the menu. */
export function installHelp(root) {
  if (isApple) installFirst(root);
  else {
    panel(root, title(root, t("Put the app on the home screen")),
      element("p", {}, t("Open the browser's menu and choose “Install app” or “Add to home screen”. The app then opens like any other, without an address bar.")),
      picture("install-android", t("The browser's menu with the entry “Install app”, and the icon on the home screen.")));
  }
}
