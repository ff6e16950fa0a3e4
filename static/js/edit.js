// A question or a summary that is being edited in its place: Enter sends it, Escape and Cancel leave
// it as it was. While it is open, nothing that happens elsewhere takes it away.

class ChatEdit extends HTMLElement {
  #listening;
  #place = "";

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(this, "keydown", (event) => this.#pressed(event));
    on(this, "click", (event) => this.#clicked(event));
    on(window, "beforeunload", (event) => this.#isChanged && event.preventDefault());
    this.#place = this.parentElement.id;
    this.#text.focus();
    this.#text.setSelectionRange(this.#text.value.length, this.#text.value.length);
  }

  disconnectedCallback() {
    this.#listening.abort();
    document.dispatchEvent(new Event("chat:edit-end"));
    // Not before what takes its place is on the page.
    queueMicrotask(() => this.#return());
  }

  // The focus goes on from what was saved, unless it is elsewhere already.
  #return() {
    if (document.activeElement !== document.body) return;
    document.getElementById(this.#place)?.querySelector("summary")?.focus();
  }

  get #text() {
    return this.querySelector("textarea");
  }

  get #isChanged() {
    return this.#text.value !== this.#text.defaultValue;
  }

  #pressed(event) {
    // 229 is what a key that belongs to an input method reports.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") this.#cancel(event);
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.target !== this.#text) return;
    // Of what has lines, Enter makes one.
    if ("lines" in this.dataset && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.querySelector("form").requestSubmit();
  }

  #clicked(event) {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (isPlain && event.target.closest("[data-cancel]")) this.#cancel(event);
  }

  #cancel(event) {
    event.preventDefault();
    event.stopPropagation();
    const place = this.parentElement;
    this.remove();
    place.querySelector(".edit-button").focus();
  }
}

customElements.define("chat-edit", ChatEdit);
