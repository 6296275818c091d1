// Cells out to a spreadsheet program and in again, as it copies them: tabs and lines.

export function copying(grid, keeper, tell) {
  const inTable = () => grid.table().contains(document.activeElement) && document.activeElement.matches("td");

  document.addEventListener("copy", (event) => {
    if (!inTable()) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", block(grid));
    tell(grid.table().dataset.copied);
  });
  document.addEventListener("cut", (event) => {
    if (!inTable()) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", block(grid));
    grid.empty();
  });
  document.addEventListener("paste", (event) => {
    if (!inTable() || grid.locked) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    const first = grid.chosen()[0]?.[0];
    if (!text.trim() || !first) return;
    const { key, column } = grid.place(first);
    keeper.act(`paste:${key}:${column}`, { text });
  });
}

function block(grid) {
  return grid.chosen().map((cells) => cells.map((cell) => quoted(grid.text(cell))).join("\t")).join("\n");
}

function quoted(text) {
  return /[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
