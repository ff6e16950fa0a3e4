// How far an import is, looked at each second. Without this the page loads itself anew.

import "./slow.js";

const EVERY_MS = 1000;
const OPEN = ["waiting", "running"];

customElements.define(
  "chat-import",
  class extends HTMLElement {
    #timer;

    connectedCallback() {
      if (OPEN.includes(this.dataset.state)) this.#timer = setTimeout(() => this.#look(), EVERY_MS);
    }

    disconnectedCallback() {
      clearTimeout(this.#timer);
    }

    async #look() {
      try {
        const response = await fetch(location.pathname);
        if (response.ok && !response.redirected) this.#take(await response.text());
      } catch {
        // The server is away for a moment: the next look tells.
      }
      if (this.isConnected) this.connectedCallback();
    }

    #take(text) {
      const page = new DOMParser().parseFromString(text, "text/html");
      const fresh = page.querySelector("chat-import");
      if (!fresh) return;
      const hasChanged = fresh.dataset.state !== this.dataset.state;
      this.dataset.state = fresh.dataset.state;
      // While nothing but the figures moves, the button keeps its focus.
      if (!hasChanged) return this.#put(".facts", fresh);
      const hadFocus = this.contains(document.activeElement);
      const [status, told] = [this, fresh].map((place) => place.querySelector(".state"));
      status.textContent = told.textContent;
      told.replaceWith(status);
      this.replaceChildren(...fresh.childNodes);
      if (hadFocus) this.querySelector("button")?.focus();
    }

    #put(selector, fresh) {
      this.querySelector(selector).replaceWith(fresh.querySelector(selector));
    }
  },
);
