// The QR that enrols one tablet: its time runs down, and it goes when the tablet has appeared.

let ticking = 0;

export function codeShown(dialog, told) {
  const before = new Set(keys());
  const place = dialog.querySelector(".code");
  dialog.querySelector("form").hidden = true;
  place.hidden = false;
  place.querySelector(".qr").replaceChildren(picture(told.qr));
  place.querySelector(".spoken").textContent = `${told.code.slice(0, 5)} ${told.code.slice(5)}`;
  place.querySelector("[data-again]").onclick = () => {
    stop();
    place.hidden = true;
    dialog.querySelector("form").reset();
    dialog.querySelector("form").hidden = false;
    dialog.querySelector("input").focus();
  };
  const left = place.querySelector(".left");
  const until = performance.now() + (Date.parse(told.expires_at) - serverNow(told));
  const tick = () => {
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (keys().some((kid) => !before.has(kid))) return end(place, left, left.dataset.used);
    if (seconds <= 0) return end(place, left, left.dataset.over);
    return say(left, left.dataset.words.replace("{minutes}", Math.floor(seconds / 60))
      .replace("{seconds}", seconds % 60));
  };
  stop();
  tick();
  ticking = setInterval(tick, 1_000);
  dialog.addEventListener("close", stop, { once: true });
  place.querySelector("h2").focus();
}

// The code is good for 15 minutes from its making, whatever this computer's clock says.
const LIFE = 15 * 60_000;
const serverNow = (told) => Date.parse(told.expires_at) - LIFE;

const keys = () => [...document.querySelectorAll(".tablets > li")].map((node) => node.dataset.key);

function end(place, left, words) {
  stop();
  say(left, words);
  place.querySelector(".qr").replaceChildren();
  place.querySelector(".spoken").textContent = "";
}

/** The server's drawing, as large as its place. */
function picture(text) {
  const drawn = new DOMParser().parseFromString(text, "text/html").querySelector("svg");
  if (!drawn.hasAttribute("viewBox")) {
    drawn.setAttribute("viewBox", `0 0 ${drawn.getAttribute("width")} ${drawn.getAttribute("height")}`);
  }
  drawn.removeAttribute("width");
  drawn.removeAttribute("height");
  return drawn;
}

function stop() {
  clearInterval(ticking);
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
