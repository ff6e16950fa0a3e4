// The palette's field is a combobox, what it finds its listbox. Loaded when it is opened first.

import { controlOf, pick } from "./actions.js";

const PAUSE_MS = 120;

class ChatPalette extends HTMLElement {
  #listening;
  #timer;
  #isComposing = false;
  // The list is of what was typed before; and whoever pressed Enter waits for the new one.
  #isOld = false;
  #isChosen = false;
  // The request that is for what is typed now: an earlier one may still come, or be told to have
  // ended.
  #asked;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(this.#field, "input", () => this.#isComposing || this.#search(PAUSE_MS));
    on(this.#field, "compositionstart", () => (this.#isComposing = true));
    on(this.#field, "compositionend", () => this.#composed());
    on(this.#field, "keydown", (event) => this.#pressed(event));
    on(this.#form, "submit", (event) => this.#submitted(event));
    on(this, "htmx:before:request", ({ detail: { ctx } }) => (this.#asked = ctx));
    on(this, "htmx:after:swap", ({ detail: { ctx } }) => ctx === this.#asked && this.#arrived());
    on(this, "pointermove", ({ target }) => this.#mark(target.closest(".option")));
    on(this, "click", (event) => this.#clicked(event));
    on(this.closest("dialog"), "chat:open", () => this.#begin());
    this.#begin();
  }

  disconnectedCallback() {
    this.#listening.abort();
    clearTimeout(this.#timer);
  }

  get #form() {
    return this.querySelector("form[role=search]");
  }

  get #field() {
    return this.#form.elements.q;
  }

  get #options() {
    return [...this.querySelectorAll(".option:not([hidden])")];
  }

  get #active() {
    return this.querySelector(".option[aria-selected=true]");
  }

  // What was typed while this was loading counts; afterwards each opening begins anew.
  #begin() {
    if (this.hasAttribute("begun")) this.#field.value = "";
    this.toggleAttribute("begun", true);
    this.#form.elements.chat.value = document.getElementById("chat-header")?.dataset.id ?? "";
    this.#search(0);
  }

  #search(pause) {
    clearTimeout(this.#timer);
    this.#asked = null;
    this.#isOld = true;
    this.#isChosen = false;
    this.#timer = setTimeout(() => this.#form.dispatchEvent(new Event("palette:search")), pause);
  }

  #composed() {
    // Some browsers end the composition before the Enter that ended it arrives.
    setTimeout(() => (this.#isComposing = false));
    this.#search(PAUSE_MS);
  }

  #pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || this.#isComposing || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    const options = this.#options;
    const place = options.indexOf(this.#active) + step;
    this.#mark(options.at(place % options.length), true);
  }

  #submitted(event) {
    event.preventDefault();
    if (this.#isComposing) return;
    if (this.#isOld) this.#isChosen = true;
    else this.#active?.click();
  }

  #arrived() {
    this.#isOld = false;
    this.#dress();
    this.#mark(this.#options[0], true);
    if (this.#isChosen) this.#active?.click();
    this.#isChosen = false;
  }

  #dress() {
    const list = this.querySelector(".palette-list");
    for (const line of list.querySelectorAll("[data-act]")) line.hidden &&= !controlOf(line.dataset.act);
    for (const [number, option] of [...list.querySelectorAll(".option")].entries()) {
      Object.assign(option, { role: "option", tabIndex: -1, id: `palette-option-${number}` });
    }
    for (const section of list.children) section.role = "group";
    for (const heading of list.querySelectorAll("h2")) heading.role = "presentation";
    if (this.#options.length) list.role = "listbox";
    this.#field.setAttribute("aria-expanded", this.#options.length > 0);
  }

  #mark(option, isByKey = false) {
    if (!option && !isByKey) return;
    this.#active?.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", true);
    this.#field.setAttribute("aria-activedescendant", option?.id ?? "");
    if (isByKey) option?.scrollIntoView({ block: "nearest" });
  }

  // The page gets the focus back before what was chosen takes it elsewhere.
  #clicked(event) {
    const option = event.target.closest(".option");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    this.closest("dialog").close();
    if (option.dataset.model && pick(option.dataset.model)) event.preventDefault();
  }
}

customElements.define("chat-palette", ChatPalette);
