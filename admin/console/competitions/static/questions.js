// Shows a question only while the answer that it belongs to is chosen. Without it all are shown as the
// server chose them, and nothing else changes.

function follow(form) {
  for (const question of form.querySelectorAll("[data-when]")) {
    const asked = form.elements.namedItem(question.dataset.when);
    if (asked) question.hidden = !question.dataset.values.split(" ").includes(asked.value);
  }
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("change", () => follow(form));
}
