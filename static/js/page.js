// What the page does as a whole: it follows its end, names itself, marks the open row, and takes
// its notices away again.

const TOAST_MS = 12000;
const ROWS = 50;
const page = document.documentElement;

// At the bottom the page stays at the bottom; one scroll up lets go; the round button, or scrolling
// down again, brings it back. What is being read never moves.
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
    for (const name of ["chat:asked", "chat:branched"]) {
      document.addEventListener(name, () => this.#goOn(), { signal });
    }
    document.addEventListener("htmx:before:swap", (event) => this.#hold(event), { signal });
    document.addEventListener("htmx:after:swap", () => this.#release(), { signal });
    this.#button.addEventListener("click", () => (later() ? location.assign(location.pathname) : this.#jump()), { signal });
    this.#following = !returnsToAPlace() && !leadTo(location.hash.slice(1));
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
    if (this.#following) this.#toEnd();
    else this.#following = isAtEnd();
  }

  // A page that began at a message goes on at the end, and so does a reload of it.
  #goOn() {
    later()?.remove();
    if (location.search || location.hash) history.replaceState(history.state, "", location.pathname);
    this.#jump();
  }

  #jump() {
    this.#following = true;
    this.#toEnd();
  }

  // Remembered here and not when the event comes, a frame later: a scroll up in between counts.
  #toEnd() {
    scrollTo({ top: page.scrollHeight, behavior: "instant" });
    this.#last = scrollY;
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

class ChatHeader extends HTMLElement {
  connectedCallback() {
    document.title = this.dataset.title;
  }
}

class ChatList extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("chat:end", () => this.#rest(), { signal });
    this.addEventListener("htmx:after:swap", () => this.#swapped(), { signal });
    this.#mark();
    this.#measure();
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #swapped() {
    this.#join();
    this.#mark();
    this.#measure();
  }

  // How far it is open, for whoever renews it.
  #measure() {
    const shelf = this.querySelector(":scope > #shelf");
    if (!shelf) return;
    const fields = new URLSearchParams(shelf.value);
    fields.set("pages", Math.max(Math.ceil(this.querySelectorAll("[data-kind=dated] .row").length / ROWS), 1));
    shelf.value = fields;
  }

  // The address changes without a new page when a chat's first message makes it a conversation.
  #mark() {
    for (const link of this.querySelectorAll(".row > a")) {
      if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    }
  }

  // The next page of the list may begin with the group that the last one ended with.
  #join() {
    const headings = [...this.querySelectorAll("h2")];
    for (const [index, heading] of headings.entries()) {
      heading.hidden = heading.textContent === headings[index - 1]?.textContent;
    }
  }

  #rest() {
    if (document.querySelector("#messages [aria-busy]")) return;
    this.querySelector("[aria-current] + .writing")?.remove();
  }
}

// The row of the conversation that was just asked comes first, and stands only once.
class ChatFresh extends HTMLElement {
  #timer;

  connectedCallback() {
    // Not before htmx has seen to the row where it put it.
    this.#timer = setTimeout(() => this.#merge());
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  #merge() {
    this.parentElement.querySelector(":scope > p.muted")?.remove();
    const section = this.querySelector("section");
    if (!stands(section.dataset)) return this.remove();
    const link = section.querySelector("li > a");
    const list = this.parentElement;
    const others = [...list.querySelectorAll(".row > a")]
      .filter((other) => other !== link && other.pathname === link.pathname);
    const next = list.querySelector(`:scope > [data-kind=${section.dataset.kind}]`);
    const before = next ?? list.querySelector(":scope > :is(.more, .found, .selection)");
    if (next?.querySelector("h2")?.textContent === section.querySelector("h2").textContent) {
      next.querySelector("ul").prepend(link.closest("li"));
    } else {
      list.insertBefore(section, before);
    }
    // Not sooner: an emptied section says where its kind stands.
    for (const other of others) leave(other.closest("li"), other.closest("section"));
    this.remove();
  }
}

function leave(row, section) {
  row.remove();
  if (!section.querySelector("li")) section.remove();
}

// Whether the list shows what stands there: another folder's, or the archive's, may.
function stands({ folder }) {
  const shown = new URLSearchParams(document.getElementById("shelf")?.value);
  const isOther = ["tag", "archive", "select"].some((name) => shown.has(name));
  return !isOther && (shown.get("folder") ?? "") === (folder ?? "");
}

class ChatToast extends HTMLElement {
  #timer;
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.querySelector(".close").addEventListener("click", () => this.remove(), { signal });
    for (const name of ["pointerenter", "focusin"]) {
      this.addEventListener(name, () => clearTimeout(this.#timer), { signal });
    }
    for (const name of ["pointerleave", "focusout"]) {
      this.addEventListener(name, () => this.#wait(), { signal });
    }
    this.#wait();
    this.#rise();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#listening.abort();
  }

  // As long again as at first, and while a pointer or the focus still holds it, once more.
  #wait() {
    clearTimeout(this.#timer);
    const isHeld = () => this.matches(":hover, :focus-within");
    this.#timer = setTimeout(() => (isHeld() ? this.#wait() : this.remove()), TOAST_MS);
  }

  // Above a phone's drawer, which is in the top layer: the last one shown there lies on top.
  #rise() {
    this.popover = "manual";
    this.showPopover();
    const { signal } = this.#listening;
    // A press outside of the drawer closes it, and this is outside: what is undone shows there.
    const drawer = document.getElementById("sidebar");
    let wasOpen = false;
    const isOpen = () => drawer.matches(":popover-open");
    const reopen = () => wasOpen && !isOpen() && drawer.showPopover();
    this.addEventListener("pointerdown", () => (wasOpen = isOpen()), { signal });
    this.addEventListener("click", reopen, { signal });
  }
}

function returnsToAPlace() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation?.type !== "navigate" && history.scrollRestoration === "auto";
}

// The address names a message, as those of a search do: what is read and done begins there.
function leadTo(id) {
  const [navigation] = performance.getEntriesByType("navigation");
  const message = navigation?.type === "navigate" && document.getElementById(id)?.closest(".message");
  if (!message) return false;
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
  message.scrollIntoView({ block: "start", behavior: "instant" });
  return true;
}

// Where the page ends before the conversation does.
function later() {
  return document.querySelector("#messages > .later");
}

function isAtEnd() {
  return page.scrollHeight - innerHeight - scrollY < 2;
}

customElements.define("chat-fresh", ChatFresh);
customElements.define("chat-follow", ChatFollow);
customElements.define("chat-header", ChatHeader);
customElements.define("chat-list", ChatList);
customElements.define("chat-toast", ChatToast);
