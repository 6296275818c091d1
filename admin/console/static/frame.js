// What a page of the console does beside htmx: goes to what went wrong, copies text, asks before typed
// words are left behind. Everything works without it.

document.getElementById("problem")?.focus();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.innerText);
  const words = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = words), 2000);
});

let dirty = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-keep]")) dirty = true;
});
document.addEventListener("submit", () => (dirty = false));
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
