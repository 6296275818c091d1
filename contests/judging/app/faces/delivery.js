// Where this judge's signed sheets are: on this tablet, sending, stored, or in need of attention, with the
// server's sentence.

import { app } from "../app.js";
import { clockTime } from "../bar.js";
import * as beat from "../beat.js";
import { dialog } from "../dialog.js";
import { button, element } from "../shared/dom.js";
import * as store from "../store.js";
import * as sync from "../sync.js";
import { payloadOf } from "../sign.js";
import { t } from "../words.js";

const STATES = {
  attention: () => ["⚠", t("needs attention")],
  sending: () => ["↑", t("sending")],
  tablet: () => ["▣", t("on this tablet")],
  stored: () => ["✓", t("stored")],
};
const ORDER = Object.keys(STATES);

/** Of the one who is unlocked; with nobody, numbers only. */
export async function delivery() {
  const account = app.session?.account;
  const rows = (await store.outbox()).filter((row) => !account || row.account === account);
  const found = rows.map((row) => ({ row, state: stateOf(row) }))
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.row.seq - a.row.seq);
  const again = button("quiet", { onclick: () => { sync.retry(); sync.now(); beat.now(); } }, t("Send again"));
  return dialog(t("Signed sheets"), [
    beat.state.refusal ? element("p.notice", { "data-tone": "bad" }, beat.state.refusal) : "",
    found.length ? element("ul.deliveries", {}, found.slice(0, 200).map((one) => line(one, Boolean(account))))
      : element("p", {}, t("Nothing has been signed on this tablet yet.")),
    again,
  ]);
}

function stateOf(row) {
  if (sync.needsAttention(row)) return "attention";
  if (sync.isSending(row)) return "sending";
  return row.answer ? "stored" : "tablet";
}

function line({ row, state }, open) {
  const [icon, words] = STATES[state]();
  const told = row.problem || row.words || "";
  const time = clockTime(row.received || row.at);
  return element("li.delivery", { "data-state": state },
    element("span.icon", { "aria-hidden": "true" }, icon),
    element("b", {}, open ? payloadOf(row.jws).code : t("No. {n}", { n: row.seq })),
    element("span", {}, `${words} · ${time}`),
    open && told ? element("small", {}, told) : "");
}
