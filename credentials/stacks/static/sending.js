// Sends the chosen or dropped files one after the other, so that none is lost with another, and tells how far it is.
// Without this the form sends them all at once.

const form = document.getElementById("sending");
const input = form.querySelector("input[type=file]");
const drop = form.querySelector(".drop");
const bar = form.querySelector(".bar");
const wrong = form.querySelector(".wrong-files");
let waiting = [];
let under = false;
let done = 0;
let total = 0;
let refused = 0;

form.querySelector("button").hidden = true;
input.removeAttribute("required");
input.addEventListener("change", () => add(input.files));
form.addEventListener("submit", (event) => event.preventDefault());
for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => over(event, true));
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, (event) => over(event, false));
drop.addEventListener("drop", (event) => add(event.dataTransfer.files));
addEventListener("beforeunload", (event) => under && event.preventDefault());

function over(event, on) {
  event.preventDefault();
  drop.classList.toggle("over", on);
}

function add(files) {
  if (!under) {
    wrong.replaceChildren();
    wrong.hidden = true;
    done = total = refused = 0;
  }
  waiting.push(...files);
  total += files.length;
  if (!under && waiting.length) send();
}

async function send() {
  under = true;
  bar.hidden = false;
  while (waiting.length) {
    const file = waiting.shift();
    for (const words of await sent(file)) refuse(words);
    done += 1;
    tell();
  }
  under = false;
  input.value = "";
  if (!refused) return location.reload();
  // What was refused stays to be read; the files that are here are listed again beside it.
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const [list, now] = [page.querySelector("#main details"), document.querySelector("#main details")];
  if (list && now) now.replaceWith(list);
  else if (list) form.after(list);
  const sections = [document, page].map((one) => one.querySelectorAll("#main section")[1]);
  sections[0].replaceWith(sections[1]);
}

async function sent(file) {
  if (file.size > Number(form.dataset.most)) return [form.dataset.large.replace("{file}", file.name)];
  const body = new FormData();
  body.append("files", file, file.name);
  try {
    const headers = { "x-csrf-token": form.dataset.csrf, "x-one-file": "yes" };
    const answer = await fetch(form.action, { method: "POST", body, headers });
    if (answer.status === 429) {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      return sent(file);
    }
    const said = await answer.json();
    return said.wrong ?? [said.title ?? form.dataset.lost.replace("{file}", file.name)];
  } catch {
    return [form.dataset.lost.replace("{file}", file.name)];
  }
}

function refuse(words) {
  const line = document.createElement("li");
  line.textContent = words;
  wrong.append(line);
  wrong.hidden = false;
  refused += 1;
}

function tell() {
  const progress = bar.querySelector("progress");
  progress.max = total;
  progress.value = done;
  const words = form.dataset.sent.replace("{done}", String(done - refused)).replace("{total}", String(total));
  bar.querySelector("strong").textContent = words;
}
