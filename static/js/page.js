// The small parts around the chat: what is said aloud, the window's title, the open row, Undo.

const TOAST_MS = 12000;

class ChatLive extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("chat:begin", () => this.#say("begin"), { signal });
    document.addEventListener("chat:end", (event) => this.#say(event.detail.state), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #say(what) {
    this.textContent = this.dataset[what] ?? "";
  }
}

class ChatHeader extends HTMLElement {
  connectedCallback() {
    document.title = this.dataset.title;
  }
}

class ChatList extends HTMLElement {
  connectedCallback() {
    // The address changes without a new page when a chat's first message makes it a conversation.
    for (const link of this.querySelectorAll("li > a")) {
      if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    }
  }
}

class ChatToast extends HTMLElement {
  #timer;
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.querySelector(".close").addEventListener("click", () => this.remove(), { signal });
    this.addEventListener("pointerenter", () => clearTimeout(this.#timer), { signal });
    this.addEventListener("focusin", () => clearTimeout(this.#timer), { signal });
    this.#timer = setTimeout(() => this.remove(), TOAST_MS);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#listening.abort();
  }
}

customElements.define("chat-live", ChatLive);
customElements.define("chat-header", ChatHeader);
customElements.define("chat-list", ChatList);
customElements.define("chat-toast", ChatToast);
