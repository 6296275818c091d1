// Puts the server's pieces in the page without touching what is being typed.

const PIECES = ["scheme-bar", "scheme-understood", "scheme-notes", "scheme-sections"];

export function patch(page, { editing, pending }) {
  for (const id of PIECES) {
    const [old, made] = [document.getElementById(id), page.getElementById(id)];
    if (!old || !made) continue;
    for (const name of made.getAttributeNames()) old.setAttribute(name, made.getAttribute(name));
    if (old.innerHTML !== made.innerHTML) {
      const focused = old.contains(document.activeElement) ? document.activeElement.value : "";
      const open = old.querySelector("details")?.open;
      old.replaceChildren(...made.childNodes);
      const details = old.querySelector("details");
      if (details && open !== undefined) details.open = open;
      if (focused) old.querySelector(`button[value="${focused}"]`)?.focus();
    }
  }
  rows(page, editing, pending);
}

function rows(page, editing, pending) {
  const made = page.getElementById("scheme-rows");
  const body = document.getElementById("scheme-rows");
  const table = document.getElementById("scheme-table");
  table.dataset.sections = page.getElementById("scheme-table").dataset.sections;
  const wanted = [...made.rows];
  const keys = new Set(wanted.map((row) => row.id));
  for (const row of [...body.rows]) if (!keys.has(row.id)) row.remove();
  wanted.forEach((row, at) => {
    let here = row.id ? document.getElementById(row.id) : null;
    if (!here) here = document.adoptNode(row);
    else if (here !== row) same(here, row, editing, pending);
    if (body.rows[at] !== here) put(body, here, at);
  });
}

function put(body, row, at) {
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  body.insertBefore(row, body.rows[at] ?? null);
  focused?.focus();
}

function same(here, made, editing, pending) {
  here.className = made.className;
  for (const name of ["level", "rank"]) here.dataset[name] = made.dataset[name];
  [...made.cells].forEach((cell, at) => {
    const old = here.cells[at];
    if (old === editing || pending.has(`cell:${here.dataset.key}:${old.dataset.c}`)) return;
    if (old.className !== cell.className) old.className = cell.className;
    for (const name of ["aria-describedby", "data-value"])
      cell.hasAttribute(name) ? old.setAttribute(name, cell.getAttribute(name)) : old.removeAttribute(name);
    if (old.innerHTML !== cell.innerHTML && !old.querySelector("details[open]")) old.replaceChildren(...cell.childNodes);
  });
}
