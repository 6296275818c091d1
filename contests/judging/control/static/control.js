// The control room's page: keeps the board as the server has it, and opens its dialogs.

import { ages, freshness, heed } from "./clock.js";
import { dialogs } from "./dialogs.js";
import { live } from "./live.js";
import { morph } from "./morph.js";

const room = document.getElementById("room");
const board = document.getElementById("board");
const language = room.dataset.language;
const pill = freshness(document.getElementById("link"));
let known = board.dataset.version;

async function news() {
  const abort = AbortSignal.timeout(8_000);
  let reply;
  try {
    reply = await fetch(room.dataset.board, {
      headers: { "If-None-Match": `"${known}"` }, redirect: "error", signal: abort, cache: "no-store",
    });
    heed(reply);
    if (reply.status === 401 || reply.status === 403) pill.gone();
    if (reply.status === 304) return true;
    if (!reply.ok || !reply.headers.get("content-type")?.startsWith("text/html")) return false;
    show(await reply.text());
    return true;
  } catch {
    return false;
  }
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("board");
  if (!fresh) return;
  morph(board, fresh);
  known = fresh.dataset.version;
  ages(board, language);
  document.dispatchEvent(new CustomEvent("board"));
}

const stream = live(room.dataset.events, { news, alive: pill.alive });
dialogs(room, { changed: () => stream.ask() });
setInterval(() => ages(board, language), 1_000);
ages(board, language);
