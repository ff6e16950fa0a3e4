// The saved prompts over the message box: what follows the slash finds them, the arrows and Enter
// pick one, and its text takes the place of what was typed. Loaded when it is asked for first.

import { answerOf, filled, lay } from "./filling.js";
import { Options } from "./options.js";

const ASKED = /^[/／、]([^\n]{0,60})$/;
const PAUSE_MS = 120;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

class ChatPrompts extends HTMLElement {
  #listening;
  #timer;
  #options;
  #isComposing = false;
  // What the list is asked for; null while there is none, or a prompt in its place.
  #query = null;
  // The list is of what was typed before; and whoever pressed Enter waits for the new one.
  #isOld = false;
  #isChosen = false;
  // What begins with a slash is a message like any other.
  #isGivenUp = false;

  connectedCallback() {
    this.#options = new Options(this.#text, this);
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (target, name, act, capture) => target.addEventListener(name, act, { signal, capture });
    on(this.#text, "compositionstart", () => (this.#isComposing = true));
    on(this.#text, "compositionend", () => this.#composed());
    on(this.#text, "input", () => this.#isComposing || this.#typed());
    // Before the composer sends it.
    on(this.parentElement, "keydown", (event) => event.target === this.#text && this.#pressed(event), true);
    on(this, "click", (event) => this.#clicked(event));
    on(this, "pointermove", ({ target }) => this.#options.mark(target.closest(".option")));
    // A press elsewhere gives up the list, but not what is being filled in.
    const stays = (target) => this.parentElement.contains(target) || this.querySelector("form");
    for (const name of ["pointerdown", "focusin"]) {
      on(document, name, ({ target }) => stays(target) || this.#close());
    }
    this.#typed();
  }

  disconnectedCallback() {
    this.#listening.abort();
    clearTimeout(this.#timer);
  }

  get #box() {
    return this.nextElementSibling;
  }

  get #text() {
    return document.getElementById("text");
  }

  #composed() {
    // Some browsers end the composition before the Enter that ended it arrives.
    setTimeout(() => (this.#isComposing = false));
    this.#typed();
  }

  #typed() {
    const query = ASKED.exec(this.#text.value)?.[1];
    this.#isGivenUp &&= query !== undefined;
    if (query === undefined) return this.#close();
    if (query === this.#query || this.#isGivenUp) return;
    clearTimeout(this.#timer);
    this.#query = query;
    this.#isOld = true;
    this.#timer = setTimeout(() => this.#look(query), query ? PAUSE_MS : 0);
  }

  async #look(query) {
    const found = await answerOf(`${this.dataset.url}?${new URLSearchParams({ q: query })}`);
    if (query !== this.#query) return;
    this.#isOld = false;
    lay(this, found ?? "");
    const [first] = this.#options.all;
    // Without words it says also that there is none.
    this.hidden = !first && (query !== "" || found === null);
    this.#options.mark(first);
    if (this.#isChosen) this.#choose();
  }

  #pressed(event) {
    if (this.#isComposing || event.isComposing || event.keyCode === 229) return;
    const isPlainEnter = event.key === "Enter" && !event.shiftKey && !event.altKey;
    const { active } = this.#options;
    if (event.key === "Escape" && !this.hidden) this.#giveUp();
    else if (event.key in STEPS && active) this.#options.step(STEPS[event.key]);
    else if (isPlainEnter && (this.#isOld || active)) this.#choose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #choose() {
    this.#isChosen = this.#isOld;
    if (this.#isOld) return;
    if (this.#options.active) this.#options.active.click();
    else this.#text.form.requestSubmit();
  }

  #clicked(event) {
    const option = event.target.closest(".option");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#use(option.href);
  }

  async #use(url) {
    const html = await answerOf(url);
    this.#close();
    if (html === null) {
      document.getElementById("composer-error").textContent = this.parentElement.dataset.failed;
      return;
    }
    lay(this, html);
    // It stands in the place of the message box.
    this.#box.inert = true;
    this.#put(await filled(this));
  }

  // Without one, what was typed stays.
  #put(text) {
    this.#giveUp();
    if (text !== null) {
      this.#text.value = text;
      this.#text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.#text.focus();
    this.#text.setSelectionRange(this.#text.value.length, this.#text.value.length);
  }

  #giveUp() {
    this.#isGivenUp = true;
    this.#close();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#query = null;
    this.#isOld = this.#isChosen = false;
    this.hidden = true;
    this.#box.inert = false;
    this.replaceChildren();
    this.#options.forget();
  }
}

customElements.define("chat-prompts", ChatPrompts);
