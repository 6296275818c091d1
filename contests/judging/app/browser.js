// Where judging would not be safe: inside WeChat or Alipay, without a service worker, and in a Safari tab,
// whose storage the installed app does not share.

import { isInstalled } from "./tablet.js";

const agent = navigator.userAgent;
export const isApple = /iPad|iPhone|iPod/.test(agent) || (agent.includes("Macintosh") && navigator.maxTouchPoints > 1);

/** Which page of faces/elsewhere.js to show in place of the app; "" where it may run. */
export function unfit() {
  if (/MicroMessenger/i.test(agent)) return "inWeChat";
  if (/AlipayClient/i.test(agent)) return "inAlipay";
  if (!window.isSecureContext || !navigator.serviceWorker || !window.indexedDB || !crypto.subtle) return "noWorker";
  return isApple && !isInstalled() ? "installFirst" : "";
}
