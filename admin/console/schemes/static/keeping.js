// Autosave: what was typed goes to the server within a second, one request after the other; what could not
// go is kept and tried again.

const SOON = 600;
const AGAIN = [2000, 4000, 8000, 15000];

export class Keeper {
  /** answered(page, go, say) gets the server's pieces; said(words) what to show beside the version. */
  constructor(form, answered, said) {
    this.form = form;
    this.answered = answered;
    this.said = said;
    this.waiting = new Map();
    this.acts = [];
    this.tries = 0;
    this.running = false;
    addEventListener("beforeunload", (event) => {
      if (this.waiting.size || this.acts.length || this.running) event.preventDefault();
    });
    addEventListener("online", () => this.go());
  }

  get words() {
    return document.getElementById("scheme-table").dataset;
  }

  typed(key, column, text) {
    this.waiting.set(`cell:${key}:${column}`, text);
    this.said(this.words.saving);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.go(), SOON);
  }

  /** Something done with the rows: at once, with all that was typed before. */
  act(verb, { text, say } = {}) {
    this.acts.push({ verb, text, say });
    this.said(this.words.saving);
    clearTimeout(this.timer);
    this.go();
  }

  async go() {
    if (this.running || this.stopped || (!this.waiting.size && !this.acts.length)) return;
    this.running = true;
    const cells = new Map(this.waiting);
    const act = this.acts[0];
    const answer = await this.send(this.body(cells, act)).catch(() => null);
    this.running = false;
    if (answer === null) return this.later();
    this.tries = 0;
    for (const [name, text] of cells) if (this.waiting.get(name) === text) this.waiting.delete(name);
    if (act) this.acts.shift();
    const page = new DOMParser().parseFromString(answer, "text/html");
    if (page.getElementById("scheme-bar")?.dataset.locked) this.stopped = true;
    this.answered(page, "", act?.say);
    if (this.waiting.size || this.acts.length) this.go();
  }

  body(cells, act) {
    // What is taken back or repeated must be a version of its own: what was typed before it goes first.
    const alone = act && ["undo", "redo"].includes(act.verb) && cells.size;
    const body = new URLSearchParams();
    body.set("base", document.getElementById("scheme-bar").dataset.tag);
    for (const [name, text] of cells) body.set(name, text);
    if (act && !alone) {
      body.set("do", act.verb);
      if (act.text !== undefined) body.set("text", act.text);
    } else if (alone) this.acts.unshift({ verb: "" });
    return body;
  }

  async send(body) {
    const response = await fetch(this.form.action, {
      method: "POST",
      body,
      headers: { "HX-Request": "true", "x-csrf-token": this.form.elements.csrf_token.value },
      redirect: "error",
      signal: AbortSignal.timeout(20000),
    });
    const type = response.headers.get("content-type") ?? "";
    if (!type.startsWith("text/html") || response.status >= 500) throw new Error(`answered ${response.status}`);
    const text = await response.text();
    if (!text.includes('id="scheme-bar"')) throw new Error("not the table");
    return text;
  }

  later() {
    this.said(this.words.waiting);
    this.timer = setTimeout(() => this.go(), AGAIN[Math.min(this.tries++, AGAIN.length - 1)]);
  }
}
