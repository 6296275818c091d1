// The file of an instrument: kept on the tablet with its hash, read by the server where there is a
// connection. The values can be typed too: a broken reader never stops a judge.

import { button, element, say } from "../../shared/dom.js";
import { api } from "../../device.js";
import { t } from "../../words.js";
import { named } from "../naming.js";
import { choice, count, pass } from "./simple.js";
import { typed } from "./typed.js";

const BY_ENTRY = { choice, count, pass };

export function file(context) {
  const { aspect, about, session, tell, give } = context;
  const values = (BY_ENTRY[aspect.entry] ?? typed)(context);
  const instrument = aspect.instrument;
  const picked = element("p.picked", { hidden: true });
  const figures = element("div.figures", { hidden: true });
  const state = { sha: "", reading: null };
  const input = element("input", {
    type: "file", hidden: true, accept: instrument?.suffixes.join(",") ?? "", onchange: () => chosen(),
  });
  const choose = button("chip.wide", {
    "aria-label": named(t("Choose a file"), aspect), onclick: () => input.click(),
  }, t("Choose a file"));
  const read = button("chip.wide", {
    hidden: true, "aria-label": named(t("Read the file"), aspect), onclick: () => ask(),
  }, t("Read the file"));
  const take = button("chip.wide.take", { hidden: true, onclick: () => use() }, "");

  async function chosen() {
    const [given] = input.files;
    input.value = "";
    if (!given) return;
    if (given.size > (instrument?.limit ?? 2 * 1024 * 1024)) return tell(t("This file is too large."), true);
    const sha = await session.addFile(aspect.id, given);
    tell(t("The file is kept on this tablet."));
    if (sha) await ask();
  }

  async function ask() {
    const sha = about().file;
    if (!instrument || !sha) return;
    try {
      const raw = await session.photo(sha);
      if (!raw) throw new Error("the file is elsewhere");
      const { contest, part } = session;
      const path = `tablet/readings/${contest}/${part.appointment}/${instrument.code}`;
      state.reading = await api(path, { method: "POST", raw, patience: 30_000 });
      state.sha = sha;
    } catch (error) {
      state.reading = null;
      tell(error.detail || t("The file is read as soon as there is a connection. You can type the value meanwhile."), true);
    }
    show();
  }

  async function use() {
    for (const [id, { raw, value }] of Object.entries(state.reading.marks)) {
      const mark = { ...(raw == null ? { value } : { raw }), source: instrument.code };
      const here = session.aspects().find((each) => each.id === id);
      if (!here) continue;
      if (id === aspect.id) await give(mark);
      else await session.mark(id, mark);
      if (id !== aspect.id) await session.setAbout(id, { ...session.about(id), file: state.sha });
    }
    tell(t("The values are taken from the file."));
  }

  function show() {
    const { reading } = state;
    const sha = about().file ?? "";
    picked.hidden = !sha;
    say(picked, sha ? t("File kept, fingerprint {hash}", { hash: sha.slice(0, 12) }) : "");
    read.hidden = !sha || !instrument || state.sha === sha;
    const valid = reading && state.sha === sha;
    figures.hidden = !valid;
    if (valid && figures.dataset.sha !== sha) {
      figures.dataset.sha = sha;
      figures.replaceChildren(...contents(reading));
    }
    const marks = valid ? Object.entries(reading.marks) : [];
    const same = marks.every(([id, { raw, value }]) =>
      session.marks()[id]?.raw === raw && session.marks()[id]?.value === value);
    take.hidden = marks.length === 0 || same;
    say(take, t("Take {values}", { values: marks.map(([id, { raw, value }]) => `${id} ${raw ?? value}`).join(", ") }));
  }

  return {
    node: element("div.measure", {}, choose, read, values.node, input, picked, figures, take),
    update(now) {
      values.update(now);
      show();
    },
  };
}

function contents(reading) {
  const wrong = reading.findings.map(({ detail }) => element("li", {}, detail));
  const rows = reading.figures.map(({ name, value }) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)));
  return [
    wrong.length ? element("ul.wrong", {}, wrong) : "",
    rows.length ? element("table", {}, element("tbody", {}, rows)) : "",
  ].filter(Boolean);
}
