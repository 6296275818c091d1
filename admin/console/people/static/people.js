// The import button waits for the choice that it needs. Without this script the server asks.

for (const button of document.querySelectorAll("button[data-needs]")) {
  const choice = document.getElementById(button.dataset.needs);
  const follow = () => (button.disabled = !choice.checked);
  choice.addEventListener("change", follow);
  follow();
}
