// What is being written is kept on the server, a moment after the typing stops and on leaving, so
// that it is there again on any device and after a new log-in. Nothing is stored in the browser.

import { takeToken, token } from "./token.js";

const PAUSE_MS = 800;
const RETRY_MS = 10_000;
// What the browser still delivers once the page is gone.
const KEEPALIVE_CHARACTERS = 15_000;

class ChatDraft extends HTMLElement {
  #listening;
  #timer;
  #saving = Promise.resolve();
  #underWay = null;
  #isUnsaved = false;
  #hasFailed = false;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (target, name, act) => target.addEventListener(name, act, { signal });
    on(this.#text, "input", () => this.#changed());
    // Where the writing goes on.
    this.#text.addEventListener("focus", () => toEnd(this.#text), { signal, once: true });
    on(document, "chat:unsent", () => this.#changed());
    on(document, "chat:asked", () => this.#forget());
    on(document, "chat:queued", () => this.#forget());
    on(document, "visibilitychange", () => document.hidden && this.#saveLast());
    on(window, "pagehide", () => this.#saveLast());
    on(window, "focus", () => this.#hasFailed && this.#save());
    on(window, "online", () => this.#hasFailed && this.#save());
    // What could not be kept would be gone.
    on(window, "beforeunload", (event) => this.#hasFailed && event.preventDefault());
  }

  disconnectedCallback() {
    this.#listening.abort();
    clearTimeout(this.#timer);
  }

  get #text() {
    return document.getElementById("text");
  }

  get #next() {
    return document.getElementById("composer-next");
  }

  #changed() {
    this.#isUnsaved = true;
    this.#wait(PAUSE_MS);
  }

  #wait(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), ms);
  }

  // It is sent, and the server drops the draft with it.
  #forget() {
    clearTimeout(this.#timer);
    this.#isUnsaved = this.#hasFailed = false;
  }

  // One after the other: the last one is the one that stays.
  #save() {
    clearTimeout(this.#timer);
    if (!this.#isUnsaved) return;
    this.#isUnsaved = false;
    this.#saving = this.#saving.then(async () => {
      const mine = (this.#underWay = new AbortController());
      await this.#post(mine.signal);
      if (this.#underWay === mine) this.#underWay = null;
    });
  }

  // A page that may be gone in a moment cannot wait for the one before: it takes that back, and
  // says all of it once more.
  #saveLast() {
    clearTimeout(this.#timer);
    if (!this.#isUnsaved && !this.#underWay) return;
    this.#isUnsaved = false;
    this.#underWay?.abort();
    this.#underWay = null;
    this.#saving = this.#post();
  }

  // With a signal it can be taken back; without one it outlives the page.
  async #post(signal, isSecond = false) {
    const { value } = this.#text;
    const fields = { text: value, send_id: this.#next.querySelector("input").value };
    let status = 0;
    try {
      const response = await fetch(this.#next.dataset.draft, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { "HX-Request": "true", ...token() },
        keepalive: !signal && value.length < KEEPALIVE_CHARACTERS,
        redirect: "error",
        signal,
      });
      status = response.status;
      // It brings the token of the new log-in: see token.js.
      if (status === 403 && !isSecond && takeToken(await response.text())) {
        return this.#post(signal, true);
      }
    } catch {
      // The network is away; what is typed is still here.
    }
    if (!signal?.aborted) this.#settle(status);
  }

  #settle(status) {
    if (status === 401) document.dispatchEvent(new Event("chat:signed-out"));
    else if (status === 204 && this.#hasFailed) document.dispatchEvent(new Event("chat:signed-in"));
    // Too long to be kept, or to a chat that is gone: to say it again would not help.
    this.#hasFailed = ![204, 404, 413, 422].includes(status);
    if (!this.#hasFailed) return;
    this.#isUnsaved = true;
    if (status !== 401) this.#wait(RETRY_MS);
  }
}

function toEnd(text) {
  text.setSelectionRange(text.value.length, text.value.length);
}

customElements.define("chat-draft", ChatDraft);
