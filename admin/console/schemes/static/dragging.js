// Rows by the mouse or a finger; by the keyboard it is Alt with the arrows, or the buttons of the row.

export function dragging(grid, keeper) {
  const make = () => {
    const body = document.getElementById("scheme-rows");
    if (!window.Sortable || !body) return;
    let order = [];
    window.Sortable.create(body, {
      handle: ".grip",
      draggable: "tr[data-key]",
      animation: 0,
      onStart: () => (order = grid.rows().map((row) => row.dataset.key)),
      onEnd: (event) => {
        const key = event.item.dataset.key;
        const after = grid.rows().map((row) => row.dataset.key);
        if (order.join() === after.join()) return;
        keeper.act(`place:${key}:${after[after.indexOf(key) + 1] ?? ""}`, { say: grid.table().dataset.moved });
      },
    });
  };
  if (window.Sortable) make();
  else addEventListener("load", make);
}
