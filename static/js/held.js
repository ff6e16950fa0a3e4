// A chat that nothing but this page holds. Each question goes out with all that was said before. Its
// answer comes as the frames that other pages get over their socket: htmx swaps their HTML, which
// the server made. As text it stays here, to be sent with the next question.

import { put } from "./answer.js";
import { newId } from "./id.js";
import { valuesOf } from "./ndjson.js";
import { Said } from "./said.js";
import { settled } from "./settled.js";

class ChatTemporary extends HTMLElement {
  #listening;
  #said = new Said();
  #reading = null;
  #keepId = newId();
  #isKept = false;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("htmx:config:request", (event) => this.#prepare(event), { signal });
    const tell = ({ target, detail }) => (detail.text = this.#said.textOf(target.closest("article")));
    this.addEventListener("chat:text", tell, { signal });
    addEventListener("beforeunload", (event) => this.#guard(event), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.#reading?.abort();
  }

  // What htmx would send by itself is a form: here it goes out with the chat.
  #prepare(event) {
    const { ctx } = event.detail;
    const form = ctx.sourceElement;
    if (event.defaultPrevented || !form.matches("#composer, #keep, #stop, #messages form")) return;
    if (form.id === "stop") this.#reading?.abort();
    const refusal = form.id === "stop" ? "" : this.#load(ctx, form);
    if (refusal === null) return;
    event.preventDefault();
    if (refusal) this.querySelector("#composer-error").textContent = refusal;
  }

  // Why it is not sent; null if it is.
  #load(ctx, form) {
    if (this.#isBusy) return this.querySelector("chat-composer").dataset.wait;
    const isKept = form.id === "keep";
    const replaced = form.closest("article");
    const place = this.#said.placeOf(replaced);
    const body = new FormData(this.querySelector("#composer"));
    const sent = body.get("send_id");
    const turn = { sent, question: body.get("text"), ...this.#said.at(place), answer: "" };
    body.set("text", isKept ? "" : turn.question);
    if (replaced) body.set("replaces", turn.id);
    body.set("messages", JSON.stringify(isKept ? this.#said.whole() : this.#said.before(place)));
    body.set("id", this.#keepId);
    if (new Blob([...body.values()]).size > this.dataset.mostKb * 1024) return this.dataset.tooLarge;
    const ask = (address, request) => this.#ask(address, request, { ctx, place, turn, replaced });
    const send = isKept ? (address, request) => this.#keep(address, request) : ask;
    ctx.fetch = (address, request) => send(address, { ...request, body });
    return null;
  }

  get #isBusy() {
    return Boolean(this.querySelector("#messages [aria-busy]"));
  }

  async #keep(address, request) {
    const response = await fetch(address, request);
    this.#isKept = response.ok;
    return response;
  }

  // htmx gets the beginning, as if it were all; the rest is followed from there.
  async #ask(address, request, asked) {
    const reading = (this.#reading = new AbortController());
    const { signal } = reading;
    request.signal.addEventListener("abort", () => reading.abort(), { signal });
    const response = await fetch(address, { ...request, signal });
    if (response.status !== 200) return response;
    const frames = valuesOf(response.body);
    const { value: first } = await frames.next();
    if (!first) throw new TypeError("It was cut off before it began");
    this.#keepId = newId();
    asked.turn.id = first.id;
    this.#said.put(asked.place, asked.turn);
    this.#follow(frames, signal, asked);
    return new Response(first.content);
  }

  async #follow(frames, signal, { ctx, turn, replaced }) {
    await settled(ctx);
    replaced?.remove();
    try {
      for await (const frame of frames) await this.#take(frame, turn);
    } catch {
      // By Stop, or on the way: what came stays.
    }
    if (this.#isBusy) this.#end(turn, signal.aborted ? "stopped" : "interrupted");
  }

  async #take(frame, turn) {
    if ("source" in frame) turn.answer = frame.whole ? frame.source : turn.answer + frame.source;
    const swap = `${htmx.config.defaultSwap} swapEmpty:false`;
    const text = frame.content;
    if (text) await htmx.swap({ sourceElement: this, target: this, swap, text, transition: false });
    if (frame.id) put(frame);
  }

  // The server cannot say it any more.
  #end({ id }, state) {
    const [foot] = this.querySelector(`template[data-end=${state}]`).content.cloneNode(true).children;
    foot.id = `m-${id}-foot`;
    document.getElementById(foot.id).replaceWith(foot);
    htmx.process(foot);
  }

  #guard(event) {
    if (!this.#said.isEmpty && !this.#isKept) event.preventDefault();
  }
}

customElements.define("chat-temporary", ChatTemporary);
