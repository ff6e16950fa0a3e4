// A file that the site would not take is told when it is chosen, and not after it was sent.

import "./slow.js";

customElements.define(
  "chat-upload",
  class extends HTMLElement {
    #listening;

    connectedCallback() {
      this.#listening = new AbortController();
      const { signal } = this.#listening;
      this.addEventListener("change", ({ target }) => this.#look(target), { signal });
    }

    disconnectedCallback() {
      this.#listening.abort();
    }

    #look(chosen) {
      const { most, words } = this.dataset;
      const isLarge = [...chosen.files].some(({ size }) => size > Number(most));
      chosen.setCustomValidity(isLarge ? words : "");
      if (isLarge) chosen.reportValidity();
    }
  },
);
