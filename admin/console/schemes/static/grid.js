// The table of a scheme as a grid: keys, typing, choosing several cells. It sends what was typed and puts
// the server's answer in its place; what is right only the server knows.
import { copying } from "./clipboard.js";
import { dragging } from "./dragging.js";
import { Keeper } from "./keeping.js";
import { patch } from "./patching.js";

const form = document.getElementById("scheme-form");
const table = () => document.getElementById("scheme-table");
const grid = {
  table,
  active: null,
  corner: null,
  editor: null,
  entering: false,
  locked: false,
  rows: () => [...table().tBodies[0].rows].filter((row) => row.dataset.key),
  cells: (row) => [...row.cells].filter((cell) => cell.dataset.c !== "level" && cell.dataset.c !== "tools" && cell.dataset.c !== "sum"),
  text: (cell) => cell?.querySelector(".v")?.textContent ?? "",
  there: (cell) => Boolean(cell) && !cell.classList.contains("none"),
  place: (cell) => ({ key: cell.parentElement.dataset.key, column: cell.dataset.c }),
};

export function cellAt(key, column) {
  return document.getElementById(`c-${key}-${column}`);
}

// --- where the reader stands ------------------------------------------------------------------

function stand(cell, { focus = true, keep = false } = {}) {
  if (!cell) return;
  for (const one of table().querySelectorAll('td[tabindex="0"]')) one.tabIndex = -1;
  cell.tabIndex = 0;
  for (const one of table().querySelectorAll(".k-tools a, .k-tools summary")) one.tabIndex = -1;
  for (const one of cell.parentElement.querySelectorAll(".k-tools a, .k-tools summary")) one.tabIndex = 0;
  grid.active = grid.place(cell);
  if (!keep) grid.corner = null;
  choose();
  if (focus) cell.focus();
}

function here() {
  return grid.active ? cellAt(grid.active.key, grid.active.column) : null;
}

function move(down, across, keep = false) {
  const cell = here();
  if (!cell) return;
  const rows = grid.rows();
  const row = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(cell.parentElement) + down))];
  const cells = grid.cells(row);
  const at = grid.cells(cell.parentElement).indexOf(cell) + across;
  if (keep && !grid.corner) grid.corner = grid.place(cell);
  stand(cells[Math.max(0, Math.min(cells.length - 1, at))], { keep });
}

function next(back) {
  const cell = here();
  const all = grid.rows().flatMap((row) => grid.cells(row)).filter(grid.there);
  const to = all[all.indexOf(cell) + (back ? -1 : 1)];
  if (to) stand(to);
  return Boolean(to);
}

/** The chosen block as rows of cells. */
grid.chosen = () => {
  const cell = here();
  if (!cell) return [];
  const other = (grid.corner && cellAt(grid.corner.key, grid.corner.column)) || cell;
  const rows = grid.rows();
  const [top, bottom] = [cell, other].map((one) => rows.indexOf(one.parentElement)).sort((a, b) => a - b);
  const [left, right] = [cell, other].map((one) => grid.cells(one.parentElement).indexOf(one)).sort((a, b) => a - b);
  return rows.slice(top, bottom + 1).map((row) => grid.cells(row).slice(left, right + 1));
};

function choose() {
  for (const one of table().querySelectorAll('[aria-selected="true"]')) one.removeAttribute("aria-selected");
  if (!grid.corner) return;
  for (const cell of grid.chosen().flat()) cell.setAttribute("aria-selected", "true");
}

// --- typing -----------------------------------------------------------------------------------

function choices(cell) {
  const { kinds, sections } = table().dataset;
  if (cell.dataset.c === "kind")
    return kinds.split("|").filter(Boolean).map((one) => one.split("="));
  if (cell.dataset.c === "section" && sections) return [["", "–"], ...sections.split("|").map((id) => [id, id])];
  return null;
}

function edit(cell, typed = null) {
  if (grid.locked || grid.editor || !grid.there(cell)) return;
  const list = choices(cell);
  const field = document.createElement(list ? "select" : "input");
  for (const [value, words] of list ?? []) field.add(new Option(words, value));
  field.value = typed ?? (cell.dataset.c === "kind" ? cell.dataset.value : grid.text(cell));
  if (list && field.selectedIndex < 0) field.selectedIndex = 0;
  if (list && typed) field.value = list.find(([, words]) => words.toLowerCase().startsWith(typed.toLowerCase()))?.[0] ?? (cell.dataset.value || "");
  field.setAttribute("aria-label", `${header(cell)}, ${cell.parentElement.querySelector('[data-c="title"] .v').textContent}`);
  if (["maximum", "step", "judges"].includes(cell.dataset.c)) field.inputMode = "decimal";
  cell.classList.add("editing");
  cell.append(field);
  grid.editor = { cell, field, before: grid.text(cell) };
  field.focus();
  if (typed === null && !list) field.select();
  field.addEventListener("blur", () => leave(true, false));
  if (list) field.addEventListener("change", () => leave(true));
}

function header(cell) {
  return table().tHead.rows[0].cells[cell.cellIndex].textContent.trim();
}

/** Ends typing. keep false: the cell stays as it was. */
function leave(keep, focus = true) {
  if (!grid.editor) return;
  const { cell, field } = grid.editor;
  const { column } = cell.dataset;
  const text = column === "kind" ? field.value : field.value.trim();
  const shown = column === "kind" ? field.selectedOptions[0]?.textContent : text;
  grid.editor = null;
  field.remove();
  cell.classList.remove("editing");
  if (keep) set(cell, text, shown);
  if (focus) stand(cell);
}

function set(cell, text, shown = text) {
  const before = cell.dataset.c === "kind" ? cell.dataset.value : grid.text(cell);
  if (text === before || !grid.there(cell)) return;
  cell.querySelector(".v").textContent = shown;
  if (cell.dataset.c === "kind") cell.dataset.value = text;
  cell.classList.add("pending");
  const { key, column } = grid.place(cell);
  keeper.typed(key, column, text);
}

grid.empty = () => {
  for (const cell of grid.chosen().flat())
    if (grid.there(cell) && cell.dataset.c !== "kind") set(cell, "");
};

// --- keys -------------------------------------------------------------------------------------

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function typing(event) {
  if (event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault();
    leave(true);
    grid.entering = true;
    move(event.shiftKey ? -1 : 1, 0);
  } else if (event.key === "Tab") {
    event.preventDefault();
    leave(true);
    grid.entering = true;
    next(event.shiftKey);
  } else if (event.key === "Escape") {
    event.preventDefault();
    leave(false);
  }
}

function walking(event) {
  const cell = event.target.closest("td");
  const ctrl = event.ctrlKey || event.metaKey;
  const { key } = event;
  if (ctrl && key.toLowerCase() === "z") return act(event, () => keeper.act(event.shiftKey ? "redo" : "undo"));
  if (ctrl && key.toLowerCase() === "y") return act(event, () => keeper.act("redo"));
  if (ctrl && key === "Enter") return act(event, () => keeper.act(`add:${cell.parentElement.dataset.level}:${cell.parentElement.dataset.key}`));
  if (ctrl && key === "Home") return act(event, () => stand(grid.cells(grid.rows()[0])[0]));
  if (ctrl && key === "End") return act(event, () => stand(grid.cells(grid.rows().at(-1)).at(-1)));
  if (ctrl && key.toLowerCase() === "a")
    return act(event, () => {
      grid.corner = grid.place(grid.cells(grid.rows()[0])[0]);
      stand(grid.cells(grid.rows().at(-1)).at(-1), { keep: true });
    });
  if (event.altKey && (key === "ArrowUp" || key === "ArrowDown"))
    return act(event, () => keeper.act(`${key === "ArrowUp" ? "up" : "down"}:${cell.parentElement.dataset.key}`, { say: table().dataset.moved }));
  if (ctrl || event.altKey) return;
  if (key === "Process" || event.isComposing) return edit(cell, ""); // an input method composes in the field
  if (key in ARROWS) {
    grid.entering = false;
    return act(event, () => move(...ARROWS[key], event.shiftKey));
  }
  if (key === "Home" || key === "End") return act(event, () => stand(grid.cells(cell.parentElement).at(key === "Home" ? 0 : -1)));
  if (key === "PageUp" || key === "PageDown") return act(event, () => move(key === "PageUp" ? -10 : 10, 0, event.shiftKey));
  if (key === "Enter" || key === "F2") return act(event, () => edit(cell));
  if (key === "Delete" || key === "Backspace") return act(event, grid.empty);
  if (key === "Escape") {
    grid.entering = false;
    grid.corner = null;
    return choose();
  }
  if (key === "Tab" && grid.entering && next(event.shiftKey)) return event.preventDefault();
  if (key.length === 1) return act(event, () => edit(cell, key));
}

function act(event, what) {
  event.preventDefault();
  what();
}

// --- what the server answers --------------------------------------------------------------------

function answered(page, go, say) {
  const bar = page.getElementById("scheme-bar");
  if (bar?.dataset.locked) {
    grid.locked = true;
    form.classList.add("locked");
    document.getElementById("scheme-bar").replaceWith(document.adoptNode(bar));
    document.querySelector("#scheme-bar a").focus();
    return;
  }
  patch(page, { editing: grid.editor?.cell, pending: keeper.waiting });
  ready();
  const to = go || page.getElementById("scheme-bar")?.dataset.go;
  const cell = (to && cellAt(to, grid.active?.column ?? "title")) || here();
  if (cell && !grid.editor) stand(cell, { focus: Boolean(to) || table().contains(document.activeElement) || document.activeElement === document.body });
  if (say) tell(say);
}

export function tell(words) {
  document.getElementById("scheme-status").textContent = words;
}

const keeper = new Keeper(form, answered, (words) => {
  const bar = document.getElementById("scheme-bar");
  bar.classList.toggle("waiting", words === table().dataset.waiting);
  const saved = document.getElementById("scheme-saved");
  if (saved && words) saved.textContent = words;
});

function ready() {
  const one = table();
  one.setAttribute("role", "grid");
  one.setAttribute("aria-multiselectable", "true");
  for (const row of grid.rows())
    for (const cell of grid.cells(row)) {
      if (cell.tabIndex !== 0) cell.tabIndex = -1;
      cell.setAttribute("aria-readonly", String(!grid.there(cell)));
      cell.toggleAttribute("aria-invalid", false);
      if (cell.classList.contains("wrong")) cell.setAttribute("aria-invalid", "true");
    }
  if (!here()) {
    const first = grid.rows()[0];
    if (first) stand(grid.cells(first)[1], { focus: false });
  }
}

document.addEventListener("keydown", (event) => {
  if (!table().contains(event.target)) return;
  if (grid.editor) return typing(event);
  if (event.target.matches("td")) walking(event);
});
document.addEventListener("focusin", (event) => {
  const cell = event.target;
  if (!cell.matches?.("#scheme-table tbody td[tabindex]")) return;
  const { key, column } = grid.place(cell);
  if (grid.active?.key !== key || grid.active?.column !== column) stand(cell, { focus: false });
});
document.addEventListener("mousedown", (event) => {
  const cell = event.target.closest?.("#scheme-table tbody td");
  if (!cell || event.target.closest(".k-tools, .k-level, input, select") || cell.dataset.c === "sum") return;
  if (grid.editor) leave(true, false);
  if (event.shiftKey && here()) {
    event.preventDefault();
    grid.corner ??= grid.active;
    return stand(cell, { keep: true });
  }
  stand(cell);
});
document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest?.("#scheme-table tbody td[tabindex]");
  if (cell && !grid.editor) edit(cell);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('.notes a[href^="#c-"]');
  if (link) return act(event, () => stand(document.getElementById(link.hash.slice(1))));
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (!button?.value || grid.locked) return;
  button.closest(".menu")?.removeAttribute("open");
  const below = button.value.startsWith("add:") && button.value.endsWith(":") ? grid.active?.key ?? "" : "";
  const text = button.value.startsWith("paste") ? form.elements.text.value : undefined;
  keeper.act(button.value + below, { text });
  if (text !== undefined) form.elements.text.value = "";
});

copying(grid, keeper, tell);
dragging(grid, keeper);
ready();
