// The composer: Enter sends, the question is on the page before the server answers, and a text
// that was refused or did not arrive comes back. Nothing typed is ever stored in the browser.

import { newId } from "./id.js";

class ChatComposer extends HTMLElement {
  #listening;
  #composing = false;
  #sending = null;
  #isSecond = false;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(this.#text, "keydown", (event) => this.#pressed(event));
    on(this.#text, "compositionstart", () => (this.#composing = true));
    // Some browsers end the composition before the Enter that ended it arrives.
    on(this.#text, "compositionend", () => setTimeout(() => (this.#composing = false)));
    on(this.#text, "input", () => this.#typed());
    on(this, "click", (event) => this.#suggested(event));
    // Stop stands where Send was: the second click of a double click means neither.
    on(this.querySelector(".stop"), "click", (event) => this.#stopped(event));
    on(this, "htmx:config:request", (event) => this.#prepare(event));
    on(this, "htmx:before:request", (event) => this.#show(event));
    on(this, "htmx:finally:request", (event) => this.#settle(event));
    on(document, "htmx:error", (event) => this.#failed(event));
    on(document, "chat:begin", (event) => this.#begin(event.detail.stopUrl));
    on(document, "chat:end", () => this.#end());
    on(document, "chat:caught-up", () => this.#arrived());
    this.#measure();
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  get #form() {
    return this.querySelector("#composer");
  }

  get #text() {
    return this.querySelector("#text");
  }

  get #next() {
    return this.querySelector("#composer-next");
  }

  get #error() {
    return this.querySelector("#composer-error");
  }

  get #again() {
    return this.querySelector(".again-button");
  }

  // For the end of the answer that is being written.
  get #waits() {
    return Boolean(this.dataset.busy);
  }

  #pressed(event) {
    const isPlainEnter = event.key === "Enter" && !event.shiftKey && !event.altKey;
    // 229 is what a key that belongs to an input method reports.
    if (!isPlainEnter || this.#composing || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #typed() {
    this.#error.textContent = "";
    this.#again.hidden = true;
    this.#measure();
  }

  #stopped(event) {
    if (event.detail > 1) event.preventDefault();
  }

  #suggested(event) {
    const suggestion = event.target.closest("button.suggestion");
    if (!suggestion) return;
    event.preventDefault();
    this.#fill(suggestion.value);
    this.#text.focus();
  }

  #prepare(event) {
    const { ctx } = event.detail;
    if (ctx.sourceElement !== this.#form) return;
    const refusal = this.#refusal();
    if (refusal !== null) event.preventDefault();
    if (refusal) this.#error.textContent = refusal;
    // The first send of a chat makes the conversation that the next one goes to.
    ctx.request.action = this.#waits ? this.#next.dataset.queue : this.#next.dataset.action;
  }

  // Why this is not sent; null if it is, '' where no word is needed, as after a second Enter.
  #refusal() {
    const isBlank = !this.#text.value.trim();
    if (this.#sending || (isBlank && this.#waits)) return "";
    if (isBlank) return this.dataset.blank;
    // Here and not only at the server: far over the limit, it cannot even read what was sent.
    return this.querySelector(".size[data-over]") ? this.dataset.tooLong : null;
  }

  #show({ detail: { ctx } }) {
    if (ctx.sourceElement !== this.#form) return;
    const sendId = this.#next.querySelector("input").value;
    const text = this.#text.value;
    const waits = this.#waits;
    this.#sending = { sendId, text, pending: waits ? null : this.#pend(sendId, text) };
    this.toggleAttribute("sending", true);
    this.#error.textContent = "";
    this.#again.hidden = true;
    this.#fill("");
    this.dispatchEvent(new CustomEvent(waits ? "chat:queued" : "chat:asked", { bubbles: true }));
  }

  #pend(sendId, text) {
    const question = this.querySelector("#pending-question").content.cloneNode(true);
    const article = question.querySelector("article");
    article.id = `m-${sendId}`;
    article.toggleAttribute("data-pending", true);
    article.querySelector(".text").textContent = text;
    document.getElementById("messages").append(question);
    return article;
  }

  #settle({ detail: { ctx } }) {
    if (ctx.sourceElement !== this.#form || !this.#sending) return;
    const { sendId, text, pending } = this.#sending;
    // An answer that was cut has its status, and not the id of the next send.
    const isCut = ctx.response?.status === 200 && this.#next.querySelector("input").value === sendId;
    const status = isCut ? 0 : ctx.response?.status;
    const isSecond = this.#isSecond;
    this.#sending = null;
    this.#isSecond = false;
    this.toggleAttribute("sending", false);
    if (status === 200) return;
    pending?.remove();
    this.#fill([text, this.#text.value].filter(Boolean).join("\n\n"));
    // The answer brought the token of the new log-in: see token.js.
    if (status === 403 && !isSecond) {
      this.#isSecond = true;
      this.#form.requestSubmit();
      return;
    }
    if (status === 409) this.#next.querySelector("input").value = newId();
    this.#explain(status);
    this.dispatchEvent(new CustomEvent("chat:unsent", { bubbles: true }));
  }

  // What the server had words for is told already.
  #explain(status = 0) {
    const { unsent, broken, tooLong } = this.dataset;
    this.#error.textContent ||= status === 413 ? tooLong : status ? broken : unsent;
    this.#again.hidden = !(status === 0 || status === 429 || status >= 500);
  }

  // A Stop or a Regenerate that did not arrive; for what is sent, `#settle` has the words.
  #failed({ detail: { ctx } }) {
    const source = ctx?.sourceElement;
    // What the page does by itself, and will do again, is nothing to tell.
    if (!ctx?.request || source === this.#form || source.matches("chat-writing")) return;
    this.#error.textContent = this.dataset.failed;
  }

  #begin(stopUrl) {
    const stop = this.querySelector("#stop");
    stop.action = this.dataset.busy = stopUrl;
    stop.setAttribute("hx-post", stopUrl);
  }

  #end() {
    if (document.querySelector("#messages [aria-busy]")) return;
    // The Stop that had the focus is gone.
    delete this.dataset.busy;
    if (this.#error.textContent === this.dataset.wait) this.#error.textContent = "";
  }

  // What was taken for lost is there after all, under the id that it was sent with.
  #arrived() {
    const id = this.#next.querySelector("input");
    const waiting = document.getElementById(`q-${id.value}`);
    const there = document.getElementById(`m-${id.value}`) ?? waiting;
    if (!there || this.#sending) return;
    id.value = newId();
    if (there.querySelector(".text")?.textContent !== this.#text.value) return;
    this.#text.value = "";
    this.#typed();
    this.dispatchEvent(new CustomEvent(waiting ? "chat:queued" : "chat:asked", { bubbles: true }));
  }

  #fill(text) {
    this.#text.value = text;
    this.#measure();
    this.#focus();
  }

  // On a phone this would bring up the keyboard over the answer.
  #focus() {
    if (matchMedia("(hover: hover)").matches) this.#text.focus();
  }

  #measure() {
    const { value } = this.#text;
    const limit = Number(this.dataset.limitKb);
    // Counting bytes is slow for what is long, and what is short is far from any limit.
    const size = value.length * 4 < limit * 1024 ? 0 : new Blob([value]).size / 1024;
    const output = this.querySelector(".size");
    output.hidden = size < limit * 0.8;
    output.toggleAttribute("data-over", size > limit);
    output.querySelector("span").textContent = Math.ceil(size);
    if (!CSS.supports("field-sizing", "content")) grow(this.#text);
  }
}

function grow(textarea) {
  textarea.style.height = "auto";
  textarea.style.height = `${textarea.scrollHeight}px`;
}

customElements.define("chat-composer", ChatComposer);
