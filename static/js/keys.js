// Keys that do something, as the user has them: the server says which.

import { act, controlOf } from "./actions.js";
import { combination } from "./combination.js";

// What is no character may act also while somebody types.
const NOT_TYPED = /^(Mod|Alt)\+|^F\d|^Escape$/;
const FIELDS = "input, textarea, select, [contenteditable]";
const MAY_REPEAT = ["previous", "next"];

class ChatKeys extends HTMLElement {
  #listening;
  #shortcuts;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    this.#shortcuts = Object.entries(JSON.parse(this.dataset.keys));
    on(document, "keydown", (event) => this.#pressed(event));
    on(document, "click", (event) => this.#clicked(event));
    for (const name of ["pointerover", "focusin"]) on(document, name, (event) => this.#tell(event));
    on(document.getElementById("palette"), "chat:open", load);
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #pressed(event) {
    if (event.defaultPrevented) return;
    const pressed = combination(event, "mac" in this.dataset);
    const [name] = this.#shortcuts.find(([, { key }]) => key && key === pressed) ?? [];
    if (!name || (event.repeat && !MAY_REPEAT.includes(name)) || !isMeant(event, pressed)) return;
    const dialog = document.querySelector("dialog[open]");
    if (dialog && dialog.id !== name) return;
    if (dialog) dialog.close();
    else if (!act(name)) return;
    event.preventDefault();
  }

  // A link that this page has something for in place of its address.
  #clicked(event) {
    const control = event.target.closest?.("[data-act]");
    if (!control || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (act(control.dataset.act)) event.preventDefault();
  }

  // In the tooltip of a control, the key that does the same.
  #tell({ target }) {
    const control = target.closest?.("a, button, input");
    const { key, act: linked, title } = control?.dataset ?? {};
    const is = (name) => name === (key ?? linked) || controlOf(name) === control;
    const [, { shown } = {}] = this.#shortcuts.find(([name]) => control && is(name)) ?? [];
    if (shown) {
      control.dataset.title ??= control.title || control.ariaLabel || control.textContent.trim();
      control.title = `${control.dataset.title} (${shown})`;
    } else if (title) {
      control.title = title;
    }
  }
}

function isMeant({ target }, pressed) {
  if (pressed === "Escape") return !isAnythingOpen() && (!target.matches(FIELDS) || target.id === "text");
  return NOT_TYPED.test(pressed) || !target.closest(FIELDS);
}

// What Escape closes first.
function isAnythingOpen() {
  return document.querySelector(":popover-open:not([popover=manual]), dialog[open]");
}

// Without it the field is a search that leads to a page.
function load() {
  import("./palette.js").catch(() => {});
}

customElements.define("chat-keys", ChatKeys);
