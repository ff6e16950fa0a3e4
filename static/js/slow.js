// Says what is waited for, once that has taken more than a second: a request of htmx, or a form
// that leads to another page. Whose words: the nearest `data-slow`, else this element's own.

const PATIENCE_MS = 1000;

class ChatSlow extends HTMLElement {
  #listening;
  #waits = new Map();

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (name, act) => document.addEventListener(name, act, { signal });
    on("htmx:before:request", ({ detail: { ctx } }) => this.#begin(ctx, ctx.sourceElement));
    on("htmx:finally:request", ({ detail: { ctx } }) => this.#end(ctx));
    on("submit", (event) => this.#submitted(event));
    // Back on the page that the browser had kept.
    addEventListener("pageshow", () => this.#end(document), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
    for (const key of [...this.#waits.keys()]) this.#end(key);
  }

  #submitted(event) {
    const way = event.submitter?.formMethod || event.target.method;
    if (!event.defaultPrevented && way !== "dialog") this.#begin(document, event.submitter ?? event.target);
  }

  #begin(key, source) {
    // What the page does by itself nobody waits for.
    if (source.matches("chat-writing, chat-stream")) return;
    this.#end(key);
    const wait = { words: source.closest("[data-slow]")?.dataset.slow ?? this.dataset.words };
    wait.timer = setTimeout(() => this.#tell(wait), PATIENCE_MS);
    this.#waits.set(key, wait);
  }

  #end(key) {
    clearTimeout(this.#waits.get(key)?.timer);
    this.#waits.delete(key);
    this.#show();
  }

  #tell(wait) {
    wait.isLong = true;
    this.#show();
  }

  #show() {
    const words = [...this.#waits.values()].find(({ isLong }) => isLong)?.words ?? "";
    this.toggleAttribute("data-on", Boolean(words));
    if (this.textContent.trim() !== words) this.textContent = words;
  }
}

customElements.define("chat-slow", ChatSlow);
