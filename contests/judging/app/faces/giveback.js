// Return this tablet: it forgets everything, but only when every sheet has a receipt and the server agrees.

import * as device from "../device.js";
import { button, element } from "../shared/dom.js";
import * as beat from "../beat.js";
import * as store from "../store.js";
import * as sync from "../sync.js";
import { payloadOf } from "../sign.js";
import { t } from "../words.js";

export function giveBack(root, back) {
  const panel = element("main.panel", {}, element("h2", {}, t("Return this tablet")));
  const body = element("div");
  panel.append(body);
  root.append(panel);
  const answers = (...more) => element("div.answers", {}, button("quiet", { onclick: back }, t("Back")), more);

  async function draw() {
    const missing = await withoutReceipt();
    if (missing.length > 0) return list(missing);
    return body.replaceChildren(
      element("p", {}, t("Every sheet that was signed here has its receipt. The tablet asks the server once more and then forgets keys, people, marks and pictures.")),
      answers(button("main", { id: "wipe", onclick: wipe }, t("Return and forget everything"))));
  }

  function list(rows, words = "") {
    body.replaceChildren(
      element("p.notice", { role: "alert", "data-tone": "bad" }, words || t("These sheets have no receipt yet. Nothing was deleted.")),
      element("ul.missing", {}, rows.map((each) => element("li", {}, each))),
      answers(button("main", { onclick: again }, t("Send and look again"))));
  }

  async function again(event) {
    event.target.disabled = true;
    await sync.now();
    if (panel.isConnected) draw();
  }

  async function wipe(event) {
    event.target.disabled = true;
    try {
      await device.api("tablet/return", { method: "POST", body: { signed: device.row().seq } });
    } catch (error) {
      if (error.name === "Offline") return list([], t("Returning needs a connection: the server has to agree. Nothing was deleted."));
      return list(await named(error), error.detail);
    }
    beat.stop();
    sync.stop();
    await store.wipe();
    store.forget();
    panel.replaceChildren(element("h2", {}, t("This tablet is empty")),
      element("p", {}, t("It can be handed back, or enrolled again.")),
      element("div.answers", {}, button("main", { onclick: () => location.reload() }, t("Done"))));
    return undefined;
  }

  draw();
}

async function withoutReceipt() {
  const rows = (await store.outbox()).filter((row) => !row.receipt);
  const pictures = await store.unsentPictures();
  const carried = (await store.courier()).filter((row) => !row.receipt);
  return [
    ...rows.map(describe),
    ...carried.map((row) => t("A sheet that was carried here for another tablet (No. {n})", { n: row.seq })),
    ...(pictures.length ? [t("{n} pictures that were not sent", { n: pictures.length })] : []),
  ];
}

function describe(row) {
  const { code, module } = payloadOf(row.jws);
  return t("Entrant {code}, module {module}: No. {n} of this tablet", { code, module, n: row.seq });
}

/** What the server misses, by code where this tablet knows it. */
async function named(error) {
  const rows = await store.outbox();
  const kid = device.row()?.kid;
  return (error.findings ?? []).map((finding) => {
    const n = Number(finding.params?.seq);
    const row = rows.find((each) => each.kid === kid && each.seq === n);
    return row ? describe(row) : finding.detail;
  });
}
