// The list of conversations, where another tab or device changed it: fetched anew, as far as it is
// open, unless this page has the change already or somebody is at work in it.

import { isAct } from "./watching.js";

// What this page does itself is in the list by then.
const PAUSE_MS = 400;
const BUSY_MS = 2000;
const ROWS = 50;

export class Listing {
  #news = new Map();
  #isOld = false;
  #acts = 0;
  #timer;
  #listening;

  start() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (name, act) => document.addEventListener(name, act, { signal });
    on("htmx:before:request", ({ detail }) => isAct(detail.ctx) && (this.#acts += 1));
    on("htmx:finally:request", ({ detail }) => isAct(detail.ctx) && (this.#acts -= 1));
    on("visibilitychange", () => this.#wait(0));
  }

  stop() {
    this.#listening.abort();
    this.rest();
  }

  // Until there is news or doubt again: who is signed out is told nothing.
  rest() {
    clearTimeout(this.#timer);
  }

  hear({ row, stamp }) {
    this.#news.set(row, stamp);
    this.#wait(PAUSE_MS);
  }

  // Whoever was away may have missed something.
  doubt() {
    this.#isOld = true;
    this.#wait(PAUSE_MS);
  }

  #wait(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look() {
    for (const [row, stamp] of this.#news) if (stampOf(row) === stamp) this.#news.delete(row);
    if (document.hidden || !(this.#isOld || this.#news.size)) return;
    if (this.#acts || list().querySelector("details[open]")) this.#wait(BUSY_MS);
    else this.#fetch().catch(() => this.#wait(BUSY_MS));
  }

  async #fetch() {
    const q = document.getElementById("search").value;
    const pages = Math.ceil(Math.max(list().querySelectorAll(".row").length, 1) / ROWS);
    const asked = new Map(this.#news);
    const url = `/c/?${new URLSearchParams({ q, pages })}`;
    const response = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "error" });
    if (!response.ok) return;
    const text = await response.text();
    this.#isOld = false;
    // Of a list that another search has brought meanwhile, nothing is known.
    if (document.getElementById("search").value !== q || this.#acts) return this.doubt();
    for (const [row, stamp] of asked) if (this.#news.get(row) === stamp) this.#news.delete(row);
    const select = "#conversation-list > *";
    await htmx.swap({ sourceElement: list(), target: list(), swap: "innerHTML", select, text, transition: false });
  }
}

function list() {
  return document.getElementById("conversation-list");
}

function stampOf(row) {
  return document.getElementById(`row-${row}`)?.dataset.stamp ?? "";
}
