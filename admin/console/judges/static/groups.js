// Judges from group to group by the mouse or a finger. The list in each card does the same by the keyboard
// and is what is sent.

const lists = [...document.querySelectorAll("[data-group]")];

function settle(card) {
  const select = card.querySelector("select");
  if (select) select.value = card.parentElement.dataset.group;
}

function follow(event) {
  const select = event.target.closest(".judge-card select");
  if (!select) return;
  const list = lists.find((one) => one.dataset.group === select.value);
  list?.append(select.closest(".judge-card"));
  select.focus();
}

function start() {
  if (!window.Sortable || lists.length < 2) return;
  document.getElementById("groups-form").classList.add("dragging");
  for (const list of lists) {
    window.Sortable.create(list, {
      group: "judges",
      animation: 0,
      filter: "select, button",
      preventOnFilter: false,
      onEnd: (event) => settle(event.item),
    });
  }
}

document.addEventListener("change", follow);
if (window.Sortable) start();
else addEventListener("load", start);
