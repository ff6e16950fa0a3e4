// Follow mode: at the bottom the page stays at the bottom; one scroll up lets go; the round
// button, or scrolling down again, brings it back. What is being read never moves.

const page = document.documentElement;

class ChatFollow extends HTMLElement {
  #listening;
  #sizes;
  #last = 0;
  #held = null;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    addEventListener("scroll", () => this.#scrolled(), { passive: true, signal });
    addEventListener("pagehide", () => this.#leave(), { signal });
    document.addEventListener("chat:asked", () => this.#jump(), { signal });
    document.addEventListener("htmx:before:swap", (event) => this.#hold(event), { signal });
    document.addEventListener("htmx:after:swap", () => this.#release(), { signal });
    this.#button.addEventListener("click", () => this.#jump(), { signal });
    this.#following = !returnsToAPlace();
    // Called after layout and before paint: going to the end costs no layout of its own.
    this.#sizes = new ResizeObserver(() => this.#resized());
    this.#sizes.observe(this.closest("main"));
    this.#sizes.observe(page);
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.#sizes.disconnect();
  }

  get #following() {
    return this.hasAttribute("following");
  }

  set #following(following) {
    if (following === this.#following) return;
    this.toggleAttribute("following", following);
  }

  get #button() {
    return this.querySelector("button");
  }

  #scrolled() {
    if (isAtEnd()) this.#following = true;
    else if (scrollY < this.#last) this.#following = false;
    this.#last = scrollY;
  }

  #resized() {
    if (this.#following) toEnd();
    else this.#following = isAtEnd();
  }

  #jump() {
    this.#following = true;
    toEnd();
  }

  // Earlier messages come in above the first one shown, which must stay where it is; not every
  // browser anchors the scroll by itself.
  #hold({ detail }) {
    const link = detail.ctx?.sourceElement;
    const shown = link?.matches?.(".earlier") && link.nextElementSibling;
    if (shown) this.#held = { shown, top: shown.getBoundingClientRect().top };
  }

  #release() {
    if (!this.#held) return;
    const { shown, top } = this.#held;
    this.#held = null;
    scrollBy({ top: shown.getBoundingClientRect().top - top, behavior: "instant" });
  }

  // Kept by the browser with the page's entry in the history: "manual" means at the end.
  #leave() {
    history.scrollRestoration = this.#following ? "manual" : "auto";
  }
}

function returnsToAPlace() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation?.type !== "navigate" && history.scrollRestoration === "auto";
}

function isAtEnd() {
  return page.scrollHeight - innerHeight - scrollY < 2;
}

function toEnd() {
  scrollTo({ top: page.scrollHeight, behavior: "instant" });
}

customElements.define("chat-follow", ChatFollow);
