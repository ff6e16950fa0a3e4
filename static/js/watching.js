// What other tabs and devices do to the conversation that this page shows. The page says what it
// shows, as one word made of what the server put into its elements (heads.py). Told of another, it
// fetches what it lacks; not what it is doing itself, or what is on its way to it.

import { conversation, isOnItsWay, put, shownHead, shownTurns } from "./shown.js";

const RETRY_MS = 2000;

export class Watching {
  #page;
  #listening;
  #said = "";
  #told = "";
  #fetched = "";
  #acts = 0;
  #underWay = 0;
  #isFetching = false;
  #timer;

  // `page` has `say(message)` for the server, and `signedOut()`.
  constructor(page) {
    this.#page = page;
  }

  start() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (name, act) => document.addEventListener(name, act, { signal });
    on("htmx:before:request", ({ detail }) => isAct(detail.ctx) && this.#begin());
    on("htmx:finally:request", ({ detail }) => isAct(detail.ctx) && this.#end());
    // The foot that tells the end is still being put in.
    on("chat:end", () => setTimeout(() => this.#look()));
    on("chat:edit-end", () => setTimeout(() => this.#look()));
    on("visibilitychange", () => this.#look());
  }

  stop() {
    this.#listening.abort();
    clearTimeout(this.#timer);
  }

  // Only if this page has not gone on since it said what it shows: else it will be told again.
  hear({ changed, said }) {
    if (said !== shownHead()) return;
    this.#told = changed;
    this.#look();
  }

  // To a server that has not heard it.
  sayAgain() {
    this.#said = "";
    this.#say();
  }

  // What is asked of a server that cannot tell; nothing by a page that knows already.
  get asked() {
    const knows = this.#isBehind && this.#told !== this.#fetched;
    return this.#url && !knows ? { watch: [conversation(), shownHead()] } : {};
  }

  // A page of earlier messages stays one until it holds the end.
  get #url() {
    const isEarlier = document.querySelector("#messages > .later");
    return conversation() && !isEarlier ? `/c/${conversation()}/changes/` : "";
  }

  get #isBehind() {
    return this.#told !== "" && this.#told !== shownHead();
  }

  #begin() {
    this.#acts += 1;
    this.#underWay += 1;
  }

  #end() {
    this.#underWay -= 1;
    this.#look();
  }

  #look() {
    if (this.#underWay || this.#isFetching) return;
    this.#say();
    if (document.hidden || !this.#isBehind || this.#told === this.#fetched) return;
    // What is being written in its place would go with it.
    if (document.querySelector("#messages .edit")) return;
    if (!isOnItsWay(this.#told)) this.#fetch(this.#told);
  }

  #say() {
    if (!this.#url) return;
    const message = { watch: conversation(), head: shownHead() };
    const said = JSON.stringify(message);
    if (said === this.#said) return;
    this.#said = said;
    this.#told = "";
    this.#page.say(message);
  }

  async #fetch(told) {
    this.#isFetching = true;
    const isDone = await this.#catchUp(told).catch(() => false);
    this.#isFetching = false;
    clearTimeout(this.#timer);
    if (isDone) this.#look();
    else this.#timer = setTimeout(() => this.#look(), RETRY_MS * (0.5 + Math.random()));
  }

  async #catchUp(told) {
    const acts = this.#acts;
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
    const response = await fetch(`${this.#url}?${shownTurns()}`, { headers, redirect: "error" });
    if (response.status === 401) this.#page.signedOut();
    const text = await response.text();
    // In the answer is nothing of what this page did meanwhile.
    if (acts !== this.#acts || this.#underWay) return true;
    if (![200, 404].includes(response.status)) return false;
    await put(text);
    this.#fetched = told;
    return true;
  }
}

export function isAct(ctx) {
  return ctx.request.method !== "GET";
}
