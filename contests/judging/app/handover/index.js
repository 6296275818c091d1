// Hand over: the ways out of this tablet when there is no network, and the ways in.

import { button, element } from "../shared/dom.js";
import { on } from "../signals.js";
import { current, t } from "../words.js";
import { allSheets, answeredForOthers, named, ofReceipts, ofSheets, waitingSheets } from "./content.js";
import { photosOf } from "./photos.js";
import { canShare, contentOf, fileOf, save, share } from "./files.js";
import { receiveFace } from "./receive.js";
import { notKept, reportNode } from "./report.js";
import { showFace } from "./show.js";
import { fileButton, surface } from "./surface.js";
import { take } from "./taking.js";

export { scan } from "./scan.js";

/** Opens the dialog; resolves when it is closed. session: whose sheet is open, or null. */
export async function openHandover(session = null) {
  const dialog = await surface();
  const back = () => menu();
  const state = { report: element("div.handover-result", { role: "status" }), waiting: [] };

  async function menu() {
    const face = { title: t("Hand over"), node: element("div.handover-menu"), leave: () => quiet() };
    const quiet = on("courier", () => face.node.isConnected && fill(face.node));
    await fill(face.node);
    dialog.show(face);
  }

  async function fill(node) {
    const [waiting, all, receipts] = await Promise.all([waitingSheets(), allSheets(), answeredForOthers()]);
    const [withWaiting, withAll] = await Promise.all([photosOf(waiting), photosOf(all)]);
    const out = [
      section(t("Sheets that wait here: {n}", { n: waiting.length }),
        t("They stay on this tablet until the server's receipt is here. It does not matter how often and on which ways they travel: each is stored once."),
        button("main", { disabled: !waiting.length, onclick: () => sheets(waiting) }, t("Show as pictures")),
        ...fileOut(ofSheets, waiting, t("Save as a file"), withWaiting),
        ...(all.length > waiting.length ? fileOut(ofSheets, all, t("Save every signed sheet"), withAll) : []),
        aboutPhotos(withWaiting)),
      section(t("From another tablet"),
        t("Its sheets are kept here unchanged and sent with this tablet's own."),
        button("main", { onclick: () => dialog.show(receiveFace({ back })) }, t("Take with the camera")),
        fileButton(t("Open a file"), { accept: ".json,application/json", multiple: true }, openFiles)),
    ];
    if (receipts.length > 0) {
      out.push(section(t("Receipts for other tablets: {n}", { n: receipts.length }),
        t("With them the tablet that signed shows its sheets as stored, without a network."),
        button("main", { onclick: () => backAgain(receipts) }, t("Show the receipts")),
        ...fileOut(ofReceipts, receipts, t("Save the receipts"))));
    }
    node.replaceChildren(...out, state.report);
  }

  function fileOut(made, rows, words, photos = { rows: [], bytes: 0 }) {
    const make = async () => fileOf(await made(rows), photos.rows);
    const sharing = canShare(new File(["{}"], "a.json", { type: "application/json" }));
    return [
      button("quiet", { disabled: !rows.length, onclick: async () => save(await make()) }, words),
      sharing && button("quiet", { disabled: !rows.length, onclick: async () => share(await make()) }, `${words} · ${t("Share")}`),
    ].filter(Boolean);
  }

  async function sheets(rows) {
    const list = element("div", {}, aboutPhotos(await photosOf(rows)), sheetList(rows));
    dialog.show(await showFace(await ofSheets(rows), { title: t("Show as pictures"), list, back }));
  }

  async function backAgain(rows) {
    dialog.show(await showFace(await ofReceipts(rows), { title: t("Show the receipts"), list: sheetList(rows), back }));
  }

  async function openFiles(files) {
    state.report.replaceChildren();
    for (const file of files) {
      const content = await contentOf(file);
      const lines = [element("h3", {}, file.name)];
      if (!content) lines.push(element("p.handover-problem", {}, t("This is no file of a hand-over. Save one with “Hand over” on the other tablet and open that.")));
      else {
        if (!content.whole) lines.push(element("p.handover-problem", {}, t("The file is not as it was saved. What is whole in it is taken; save it once more on the other tablet for the rest.")));
        lines.push(await take(content, "file").then(reportNode,
          (error) => element("p.handover-problem", {}, notKept(error))));
      }
      state.report.append(...lines);
    }
  }

  await menu();
  await dialog.closed;
  session?.changed?.();
}

/** What the two ways do with photos; nothing where there are none. */
function aboutPhotos({ rows, bytes, left }) {
  if (rows.length + left === 0) return "";
  const size = new Intl.NumberFormat(current(), { maximumFractionDigits: 1 }).format(bytes / 1_000_000);
  return element("p.handover-photos", {},
    t("Photos and files of these sheets: {n}, {size} MB. A file carries them; QR pictures leave them on this tablet until it has a connection.", { n: rows.length, size }),
    left > 0 ? ` ${t("Too large for one file, and left here: {n}.", { n: left })}` : "");
}

const section = (heading, words, ...ways) =>
  element("section", {}, element("h3", {}, heading), element("p", {}, words), element("div.handover-row", {}, ways));

/** Codes and times, never a mark. */
function sheetList(rows) {
  const clock = new Intl.DateTimeFormat(current(), { hour: "2-digit", minute: "2-digit" });
  return element("details.handover-list", { open: innerWidth > 700 }, element("summary", {}, t("What is in it: {n}", { n: rows.length })),
    element("ol", {}, rows.map((row) => {
      const { code, module, at } = named(row.jws);
      return element("li", {}, element("b", {}, code), ` ${module} · ${clock.format(new Date(at))}`);
    })));
}
