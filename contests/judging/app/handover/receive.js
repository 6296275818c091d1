// Takes a sequence of QR pictures from another device's screen, by camera or from stills.

import { button, element, say } from "../shared/dom.js";
import { t } from "../words.js";
import { Collector, MARK } from "./frames.js";
import { unpack } from "./packing.js";
import { notKept, reportNode } from "./report.js";
import { take, understood } from "./taking.js";
import { viewfinder } from "./viewfinder.js";

/** A face for `surface`. done() leads on. */
export function receiveFace({ back }) {
  const collector = new Collector();
  const finished = new Set();
  const finder = viewfinder(seen);
  const bar = element("progress", { max: 1, value: 0, "aria-label": t("Parts taken") });
  const counted = element("p.handover-place", {}, t("No part taken yet"));
  const problem = element("p.handover-problem", { role: "alert" });
  const result = element("div.handover-result", { role: "status" });
  const more = button("main", { hidden: true, onclick: () => restart() }, t("Take more"));

  async function seen(text) {
    const part = collector.add(text);
    if (!part) return say(problem, text.startsWith(MARK) ? "" : t(
      "This QR picture is no hand-over. On the other tablet, choose “Hand over” and show its pictures."));
    if (finished.has(part.set)) return;
    say(problem, "");
    bar.max = part.count;
    bar.value = part.known;
    say(counted, t("Part {n} of {all}", { n: part.known, all: part.count }));
    if (part.whole) await complete(part);
  }

  async function complete({ set, whole }) {
    finished.add(set);
    const content = await unpack(whole);
    if (!content) {
      finished.delete(set);
      collector.drop(set);
      return say(problem, t("The pictures did not fit together. Nothing is lost: hold still and let them run once more."));
    }
    if (!understood(content.about)) {
      return say(problem, t("These pictures were made by another version of the app. Update both tablets, or use a file."));
    }
    try {
      result.append(reportNode(await take(content, "qr")));
    } catch (error) {
      finished.delete(set);
      collector.drop(set);
      return say(problem, notKept(error));
    }
    navigator.vibrate?.(200);
    finder.stop();
    finder.node.hidden = true;
    more.hidden = false;
    more.focus();
  }

  function restart() {
    more.hidden = true;
    finder.node.hidden = false;
    bar.value = 0;
    say(counted, t("No part taken yet"));
    finder.start();
  }

  return {
    title: t("Take with the camera"), back,
    enter: () => finder.start(), leave: () => finder.stop(),
    node: element("div.handover-scan", {},
      element("p", {}, t("On the other tablet choose “Hand over”, then “Show as pictures”.")),
      finder.node, bar, counted, problem, result, more),
  };
}
