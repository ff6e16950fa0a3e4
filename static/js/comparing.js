// Which models answer one question side by side. Without this the link leads to a page that sends
// by itself.

const LEAST = 2;
const MOST = 4;

class ChatComparing extends HTMLElement {
  #listening;
  #sent = [];
  #isNew = true;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(document, "htmx:config:request", (event) => this.#open(event));
    on(document, "htmx:after:swap", ({ detail: { ctx } }) => ctx?.sourceElement === this.#link && this.#fill());
    on(this, "change", () => this.#tell());
    on(this, "toggle", (event) => event.newState === "closed" && this.#closed());
    on(this, "keydown", (event) => this.#pressed(event));
    on(this.querySelector(".clear"), "click", () => this.#clear());
    on(this.querySelector(".ready"), "click", () => this.hidePopover());
    // It is for one question; where that was not taken, for the same one again.
    for (const name of ["chat:asked", "chat:queued"]) on(document, name, () => this.#ask());
    on(document, "chat:unsent", () => this.#pick(this.#sent));
    // What it lists brings this along, and is there before it.
    if (this.#boxes.length && this.#isNew) this.#fill();
    else this.#tell();
    this.#isNew = false;
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  get #link() {
    return document.querySelector(".compare-link");
  }

  get #boxes() {
    return [...this.querySelectorAll("[name=compare]")];
  }

  get #picked() {
    return this.#boxes.filter(({ checked }) => checked);
  }

  // It has checked what a page without this has picked.
  #fill() {
    this.#pick([]);
    this.#show();
  }

  // The list is fetched once.
  #open(event) {
    if (event.detail.ctx.sourceElement !== this.#link || !this.#boxes.length) return;
    event.preventDefault();
    this.#show();
  }

  #show() {
    const model = document.getElementById("model").value;
    if (!this.#picked.length) this.#pick([model]);
    this.showPopover();
    this.#boxes[0]?.focus();
  }

  #pick(models) {
    for (const box of this.#boxes) box.checked = models.includes(box.value);
    this.#tell();
  }

  #ask() {
    this.#sent = this.#picked.map(({ value }) => value);
    this.#pick([]);
  }

  #clear() {
    this.#pick([]);
    this.hidePopover();
  }

  // One alone is no comparison.
  #closed() {
    if (this.#picked.length < LEAST) this.#pick([]);
    if (this.contains(document.activeElement)) document.getElementById("text").focus();
  }

  // In a form, Enter would send it.
  #pressed(event) {
    if (event.key !== "Enter" || event.target.type !== "checkbox") return;
    event.preventDefault();
    this.hidePopover();
  }

  #tell() {
    const picked = this.#picked;
    const isEnough = picked.length >= LEAST;
    for (const box of this.#boxes) box.disabled = picked.length >= MOST && !box.checked;
    this.querySelector("[data-when=few]").hidden = isEnough;
    this.querySelector("[data-when=enough]").hidden = !isEnough;
    const names = document.querySelector(".compared-names");
    names.textContent = picked.map((box) => box.parentElement.textContent.trim()).join(" · ");
    names.hidden = !isEnough;
    document.getElementById("model").hidden = isEnough;
  }
}

// A page that is older than an update may have it of before.
if (!customElements.get("chat-comparing")) customElements.define("chat-comparing", ChatComparing);
