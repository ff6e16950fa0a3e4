// The mark of an answer that is being written. The page's socket tells the end of the answer that
// the page shows; after the others each mark looks itself, for as long as it stands there.

const LOOK_MS = 4000;

class ChatWriting extends HTMLElement {
  #timer;

  connectedCallback() {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #look() {
    if (document.hidden || !navigator.onLine || this.#isFollowed) return;
    this.dispatchEvent(new Event("chat:look"));
  }

  get #isFollowed() {
    const isOpen = this.parentElement.querySelector(":scope > [aria-current]");
    return isOpen && document.querySelector("#messages [aria-busy]");
  }
}

customElements.define("chat-writing", ChatWriting);
