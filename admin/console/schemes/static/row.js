// Sample values are counted again while they, or the calculator's fields, are changed.

const form = document.getElementById("row-form");
const button = form?.querySelector("[data-try]");
let timer;

form?.addEventListener("input", (event) => {
  if (!button) return;
  if (!event.target.closest("#try, #calculator-fields, #scale") && !/^(maximum|step|factor|judges|round_|trim)/.test(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(() => button.click(), 700);
});
