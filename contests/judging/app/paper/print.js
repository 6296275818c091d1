// One button prints what is shown.

document.querySelector("#print").addEventListener("click", () => print());
