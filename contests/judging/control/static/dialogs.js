// The room's dialogs: filled from the button that opens them, sent as JSON, answered in place. Every
// word in them is the server's.

import { codeShown } from "./enrolling.js";

const THEN = { code: codeShown, pin: pinShown };
let room;
let changed;
let opener = null;

export function dialogs(root, callbacks) {
  room = root;
  changed = callbacks.changed;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-open]");
    if (button) open(button);
    if (event.target.closest?.("[data-close]")) event.target.closest("dialog").close();
    const step = event.target.closest?.("[data-post]");
    if (step) post(step.dataset.post, {}).then(changed, changed);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.action) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("close", () => closed(dialog));
  }
}

async function open(button) {
  const dialog = document.getElementById(`d-${button.dataset.open}`);
  if (!dialog) return;
  opener = button;
  fill(dialog, button.dataset);
  dialog.showModal();
  if (dialog.dataset.from) await load(dialog);
}

function fill(dialog, values) {
  for (const node of dialog.querySelectorAll("[data-say]")) {
    node.textContent = node.dataset.say.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }
  for (const node of dialog.querySelectorAll("[data-if]")) {
    node.hidden = !Number(values[node.dataset.if] ?? 0);
  }
  for (const set of dialog.querySelectorAll("fieldset[data-module]")) {
    set.hidden = set.disabled = set.dataset.module !== values.module;
  }
  const form = dialog.querySelector(":scope > form");
  if (!form) return;
  form.hidden = false;
  form.reset();
  problem(form, "");
  form.dataset.values = JSON.stringify({ ...values });
  const after = form.nextElementSibling;
  if (after) after.hidden = true;
}

function closed(dialog) {
  // The pictures and PINs of an earlier opening are not to be seen by whoever opens it next.
  for (const node of dialog.querySelectorAll(".spoken")) node.textContent = "";
  dialog.querySelector(".qr")?.replaceChildren();
  if (opener?.isConnected) opener.focus();
}

/** A dialog whose content the server makes anew: what is to be decided. */
async function load(dialog) {
  const place = dialog.querySelector(".loaded");
  try {
    const reply = await fetch(dialog.dataset.from, { redirect: "error", cache: "no-store" });
    const html = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (!reply.ok) throw new Error(String(reply.status));
    place.replaceChildren(...html.getElementById("loaded").childNodes);
  } catch {
    place.textContent = room.dataset.failed;
  }
}

async function send(form, pressed) {
  const values = JSON.parse(form.dataset.values ?? "{}");
  const address = form.dataset.action.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
  const buttons = [...form.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  problem(form, "");
  try {
    const reply = await post(address, body(form, values, pressed));
    const told = reply.status === 204 ? null : await reply.json();
    if (reply.ok) done(form, told);
    else problem(form, sentence(told));
  } catch {
    problem(form, room.dataset.failed);
  } finally {
    for (const button of buttons) button.disabled = false;
    changed();
  }
}

const post = (address, content) => fetch(address, {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-CSRF-Token": room.dataset.csrf },
  body: JSON.stringify(content),
  redirect: "error",
  signal: AbortSignal.timeout(15_000),
});

function body(form, values, pressed) {
  const data = new FormData(form);
  const found = {};
  for (const [name, value] of data) {
    if (name === "aspects") found.aspects = data.getAll("aspects");
    else found[name] = value;
  }
  for (const box of form.querySelectorAll("input[type=checkbox][value=true]")) {
    found[box.name] = box.checked;
  }
  if (form.dataset.then === "again") {
    const set = form.querySelector("input[name=aspects]:checked")?.closest("fieldset");
    return { ...found, aspects: found.aspects ?? [], module: values.module, code: values.code,
      attempt: Number(values.attempt), panel: set?.dataset.panel ?? "", group: set?.dataset.group ?? "" };
  }
  // The button that was pressed decides: taken or not, which version.
  if (pressed?.name) found[pressed.name] = word(pressed.value);
  return found;
}

const word = (value) => ({ true: true, false: false })[value] ?? value;

function done(form, told) {
  const dialog = form.closest("dialog");
  const then = THEN[form.dataset.then];
  if (then) then(dialog, told);
  else if (dialog.dataset.from) load(dialog).then(() => dialog.querySelector("h2").focus());
  else dialog.close();
}

function pinShown(dialog, told) {
  const after = dialog.querySelector(".pin");
  dialog.querySelector("form").hidden = true;
  after.hidden = false;
  after.querySelector(".spoken").textContent = `${told.pin.slice(0, 3)} ${told.pin.slice(3)}`;
  after.querySelector("h2").focus();
}

function problem(form, text) {
  const place = form.querySelector(".problem");
  if (place) place.textContent = text;
}

/** RFC 9457: everything that is wrong, in the reader's language. */
function sentence(told) {
  const found = (told?.findings ?? []).map((one) => one.detail);
  return [told?.detail, ...found].filter(Boolean).join(" ") || room.dataset.failed;
}
