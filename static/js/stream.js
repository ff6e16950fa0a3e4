// The page's socket. It asks for what each unfinished answer lacks: htmx swaps the HTML of a frame
// that comes, and the answer takes the rest. Where no socket opens, or nothing comes through it,
// the same frames are asked for over HTTP.

import { put } from "./answer.js";
import { Asking } from "./asking.js";
import { Listing } from "./listing.js";
import { Watching } from "./watching.js";

// The server has at most 64 frames and two megabytes under way.
const ACKNOWLEDGE_EVERY = 32;
const ACKNOWLEDGE_SIZE = 250_000;
const LOG_IN_AGAIN = 4401;
const SIGNED_OUT_MS = 1000;
const TOO_MUCH = 4429;
const RETRY_MS = 1000;
const RETRY_WHEN_CROWDED_MS = 30_000;
// A socket that was cut is back sooner, or it may not come back at all.
const PATIENCE_MS = 2500;
// Where nothing answers a ping for so long, the network lets nothing through.
const MUTE_MS = 4000;
const PING_EVERY_MS = 20_000;

class ChatStream extends HTMLElement {
  #listening;
  #connection;
  #acknowledged;
  #size = 0;
  #timer;
  #isRefused = false;
  #wasOpen = false;
  #listing = new Listing();
  #watching = new Watching({
    say: (message) => (this.#asking.isOn ? this.#asking.start() : this.#send(message)),
    signedOut: () => (this.dataset.connection = "signed-out"),
  });
  #asking = new Asking({
    cursors: () => ({ ...this.#cursors(), ...this.#watching.asked }),
    take: (frame) => this.#takeAsked(frame),
    answered: (status) => this.#answered(status),
  });

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (name, act) => document.addEventListener(name, act, { signal });
    this.#timer = setInterval(() => this.#busy().length && this.#check(), PING_EVERY_MS);
    this.addEventListener("htmx:ws:after:connection", (event) => this.#opened(event), { signal });
    this.addEventListener("htmx:ws:after:message:incoming", (event) => this.#came(event), { signal });
    this.addEventListener("htmx:ws:close", (event) => this.#closed(event), { signal });
    this.addEventListener("chat:begin", (event) => this.#begin(event.target), { signal });
    on("chat:signed-out", () => (this.dataset.connection = "signed-out"));
    on("chat:signed-in", () => this.#isSignedOut && delete this.dataset.connection);
    addEventListener("focus", () => this.#comeBack(), { signal });
    addEventListener("online", () => this.#check(), { signal });
    addEventListener("online", () => this.#asking.isOn && this.#asking.start(), { signal });
    this.#watching.start();
    this.#listing.start();
    // Some networks do not even refuse a socket.
    setTimeout(() => this.#fallBack(), PATIENCE_MS + MUTE_MS);
  }

  disconnectedCallback() {
    this.#listening.abort();
    clearInterval(this.#timer);
    this.#watching.stop();
    this.#listing.stop();
    this.#asking.stop();
  }

  async #opened({ detail: { connection } }) {
    const { socket } = connection;
    this.#connection = null;
    this.#clear(socket);
    const isAlive = hears(socket);
    // Over HTTP it goes on until something has come through the socket.
    if (this.#asking.isOn && !(await isAlive)) return socket.close();
    // What the last socket brought, or HTTP, may still be going in: it moves the cursors, and its
    // numbers are not this socket's.
    await Promise.all([connection.receiving, this.#asking.stop()]);
    if (connection.socket !== socket) return;
    this.#connection = connection;
    this.#acknowledged = this.#size = 0;
    for (const answer of this.#busy()) this.#follow(answer);
    this.#watching.sayAgain();
    if (this.#wasOpen) this.#listing.doubt();
    this.#wasOpen = true;
    if (!(await isAlive)) this.#giveUp(connection, socket);
  }

  #busy() {
    return [...this.querySelectorAll("[aria-busy] chat-answer")];
  }

  async #check() {
    const connection = this.#connection;
    const socket = connection?.socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (!(await hears(socket))) this.#giveUp(connection, socket);
  }

  #giveUp(connection, socket) {
    socket.close();
    if (this.#connection !== connection || connection.socket !== socket) return;
    this.#connection = null;
    connection.receiving.then(() => this.#fallBack());
  }

  #fallBack() {
    if (this.isConnected && !this.#connection && !this.#isSignedOut) this.#asking.start();
  }

  get #isSignedOut() {
    return this.dataset.connection === "signed-out";
  }

  #cursors() {
    return Object.fromEntries(this.#busy().map(({ dataset }) => [dataset.id, dataset.cursor]));
  }

  async #takeAsked(frame) {
    if (frame.changed) return this.#watching.hear(frame);
    const swap = `${htmx.config.defaultSwap} swapEmpty:false`;
    const text = frame.content;
    if (text) await htmx.swap({ sourceElement: this, target: this, swap, text, transition: false });
    put(frame);
  }

  #isNews(frame) {
    if (frame.changed) this.#watching.hear(frame);
    else if (frame.row) this.#listing.hear(frame);
    return Boolean(frame.changed ?? frame.row);
  }

  #answered(status) {
    this.#isRefused = status === 401;
    if (status === 200) {
      delete this.dataset.connection;
      return;
    }
    const states = { 401: "signed-out", 429: "crowded" };
    this.dataset.connection = states[status] ?? "lost";
    if (this.#isRefused) this.#asking.stop();
  }

  // Who is signed out learns it only once the socket is open: until then nothing is taken back.
  #clear(socket) {
    const isBack = () => socket.readyState === WebSocket.OPEN && delete this.dataset.connection;
    if (this.#isSignedOut) setTimeout(isBack, SIGNED_OUT_MS);
    else isBack();
  }

  #closed(event) {
    if (event.detail.reason !== "closed") return;
    const { code } = event.detail;
    this.#connection = null;
    if (code === LOG_IN_AGAIN) {
      this.dataset.connection = "signed-out";
      return;
    }
    if (!this.#asking.isOn) this.dataset.connection = code === TOO_MUCH ? "crowded" : "lost";
    setTimeout(() => this.#fallBack(), PATIENCE_MS);
    // htmx comes back after the codes that it is told, and this after all others.
    const wait = code === TOO_MUCH ? RETRY_WHEN_CROWDED_MS : RETRY_MS;
    setTimeout(() => this.#connect(), wait * (0.5 + Math.random()));
  }

  // Someone may have logged in again in another tab.
  #comeBack() {
    if (!this.#isSignedOut) return;
    if (this.#isRefused) this.#asking.start();
    else this.#connect();
  }

  // Does nothing while there is a connection, or one is being made.
  #connect() {
    this.dispatchEvent(new Event("chat:connect"));
  }

  #begin(answer) {
    this.#comeBack();
    this.#follow(answer);
    if (this.#asking.isOn) this.#asking.start();
  }

  #follow(answer) {
    this.#send({ follow: answer.dataset.id, cursor: answer.dataset.cursor });
  }

  #came(event) {
    const frame = JSON.parse(event.detail.message.data);
    if (this.#isNews(frame)) return;
    put(frame);
    this.#size += event.detail.message.data.length;
    const isMuch = this.#size >= ACKNOWLEDGE_SIZE;
    if (isMuch || frame.n - this.#acknowledged >= ACKNOWLEDGE_EVERY) {
      this.#acknowledged = frame.n;
      this.#size = 0;
      this.#send({ ack: frame.n });
    }
  }

  #send(message) {
    const socket = this.#connection?.socket;
    // Until it is open nothing need be kept: opening asks for every unfinished answer.
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }
}

// Whether anything comes through this socket.
function hears(socket) {
  return new Promise((resolve) => {
    socket.addEventListener("message", () => resolve(true), { once: true });
    setTimeout(() => resolve(false), MUTE_MS);
    socket.send('{"ping":1}');
  });
}

customElements.define("chat-stream", ChatStream);
