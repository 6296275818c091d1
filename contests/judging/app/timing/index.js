// The time-keeper's page: a clock for each work, one tap a stamp, kept on the device before it is sent.

import * as clock from "../clock.js";
import { element, say } from "../shared/dom.js";
import * as install from "../install.js";
import * as store from "../store.js";
import { choose, current, LANGUAGES, pick, t, wished } from "../words.js";
import { board } from "./board.js";
import * as keep from "./keep.js";
import * as server from "./server.js";

const root = document.querySelector("#app");
const page = { contest: location.pathname.split("/")[3] ?? "", board: null, shown: "" };

open().catch((error) => root.replaceChildren(element("p.notice", { role: "alert" }, String(error.message))));

async function open() {
  await words();
  install.start();
  await clock.start();
  const mine = await keep.kept("mine");
  if (mine) server.state.account = mine.account;
  server.watch(page.contest);
  await server.start(() => refresh());
  await refresh();
}

async function words() {
  const code = (await store.meta("language").catch(() => "")) || wished();
  await choose(LANGUAGES[code] ? code : "en", root.dataset.words).catch(() => choose("en"));
}

/** Draws what is kept; the same board is only patched, so that no tap is lost. */
async function refresh() {
  const [mine, clocks] = await Promise.all([keep.kept("mine"), page.contest ? keep.kept(`clocks|${page.contest}`) : null]);
  const rows = await keep.stamps();
  if (server.state.login && !mine) return login();
  if (!page.contest) return contests(mine);
  if (!clocks) return waiting();
  const key = [current(), ...clocks.modules.map((module) => `${module.id}:${module.works.map((work) => `${work.code}/${work.attempts.length}`)}`)].join("|");
  if (page.shown !== key) {
    page.board?.close();
    page.shown = key;
    page.board = board(root, { header, contest: page.contest, account: mine?.account ?? "", refresh });
  }
  return page.board.update(clocks, rows.filter((row) => row.contest === page.contest));
}

function header(...more) {
  const select = element("select", { "aria-label": t("Language"), onchange: () => language(select.value) },
    Object.entries(LANGUAGES).map(([code, name]) => element("option", { value: code, lang: code, selected: code === current() }, name)));
  return element("header.top", {}, more, select);
}

async function language(code) {
  await choose(code, root.dataset.words);
  await store.saveMeta("language", code);
  page.shown = "";
  await refresh();
}

function contests(mine) {
  const again = JSON.stringify([current(), mine?.contests, server.state]);
  if (page.shown === again) return;
  page.shown = again;
  document.title = t("Time-keeping");
  const found = mine?.contests ?? [];
  root.replaceChildren(header(element("h1", {}, t("Time-keeping"))), element("main.list", {},
    server.state.login ? loginNotice() : "",
    found.length ? element("ul", {}, found.map((one) => element("li", {},
      element("a.open", { href: `/judging/timing/${one.id}` }, pick(one.title)))))
      : element("p.notice", {}, t("You are not appointed to keep the time of any contest."))));
}

function waiting() {
  page.shown = "";
  const words = element("p.notice", { role: "status" });
  say(words, server.state.link === "online" ? t("The clocks of this contest can't be opened. Marking may not have started, or they are not yours to keep.")
    : t("There is no connection. Loading the clocks needs one, once."));
  root.replaceChildren(header(element("h1", {}, t("Time-keeping"))), element("main.list", {}, words));
}

const loginNotice = () => element("p.notice", {}, t("You are logged out. What you stamped is kept: log in to send it."), " ",
  element("a", { href: `/login?next=${encodeURIComponent(location.pathname)}` }, t("Log in")));

function login() {
  page.shown = "";
  root.replaceChildren(header(element("h1", {}, t("Time-keeping"))), element("main.list", {}, loginNotice()));
}
