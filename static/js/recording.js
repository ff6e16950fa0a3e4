// On the page of the shortcuts: a key is pressed in its field in place of being spelt.

import { combination } from "./combination.js";

// They do what they do in every form, or are no key yet.
const LEFT_ALONE = ["Tab", "Enter", "Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead"];

class ChatKeyFields extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("keydown", (event) => this.#pressed(event), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #pressed(event) {
    const { target, key } = event;
    const { modifier } = this.dataset;
    const pressed = combination(event, modifier === "⌘");
    // What the browser keeps for itself, such as Ctrl+V, can be nobody's shortcut.
    const kept = [...LEFT_ALONE, ...this.dataset.reserved.split(" ")];
    if (!pressed || kept.includes(key) || kept.includes(pressed) || !target.matches("input")) return;
    event.preventDefault();
    target.value = ["Backspace", "Delete"].includes(key) ? "" : readable(pressed, modifier);
  }
}

function readable(pressed, modifier) {
  return pressed.replace(/^Mod\+/, `${modifier}+`).replace(/(?<=^|\+)[a-z]$/, (it) => it.toUpperCase());
}

customElements.define("chat-key-fields", ChatKeyFields);
