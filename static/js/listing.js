// The list of conversations, where another tab or device changed it: fetched anew, as far as it is
// open, unless this page has the change already or somebody is at work in it.

import { isAct } from "./watching.js";

// What this page does itself is in the list by then.
const PAUSE_MS = 400;
const BUSY_MS = 2000;
const GONE = 404;

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
    if (this.#isAtWork()) this.#wait(BUSY_MS);
    else this.#fetch().catch(() => this.#wait(BUSY_MS));
  }

  #isAtWork() {
    return this.#acts || list().querySelector(".row details[open], #selection");
  }

  async #fetch() {
    const q = document.getElementById("search").value;
    const shelf = shown();
    const asked = new Map(this.#news);
    const url = `/c/?${shelf}&${new URLSearchParams({ q })}`;
    const response = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "error" });
    // The folder or the tag was deleted: then all is shown.
    if (response.status === GONE && shelf) document.getElementById("shelf").value = "";
    if (response.status === GONE && shelf) return this.doubt();
    if (!response.ok) return;
    const text = await response.text();
    this.#isOld = false;
    // Of a list that another search has brought meanwhile, nothing is known.
    const isOther = document.getElementById("search").value !== q || shown() !== shelf;
    // A menu may have been opened while this came.
    if (isOther || this.#isAtWork()) return this.doubt();
    for (const [row, stamp] of asked) if (this.#news.get(row) === stamp) this.#news.delete(row);
    const select = "#conversation-list > *";
    await htmx.swap({ sourceElement: list(), target: list(), swap: "innerHTML", select, text, transition: false });
  }
}

function list() {
  return document.getElementById("conversation-list");
}

// Which list it is, and how far it is open.
function shown() {
  return document.getElementById("shelf")?.value ?? "";
}

function stampOf(row) {
  const shown = document.getElementById(`row-${row}`);
  return (shown?.querySelector(".unseen[data-stamp]") ?? shown)?.dataset.stamp ?? "";
}
