// The page's socket. It asks for what each unfinished answer lacks: htmx swaps the HTML of a frame
// that comes, and the answer takes the rest. Where no socket opens, or nothing comes through it,
// the same frames are asked for over HTTP.

import { put } from "./answer.js";
import { Asking } from "./asking.js";
import { Frames } from "./frames.js";
import { Listing } from "./listing.js";
import { waitToConnect } from "./waiting.js";
import { Watching } from "./watching.js";

const LOG_IN_AGAIN = 4401;
const TOO_MUCH = 4429;
const REPAIR_MS = 1000;
const RETRY_WHEN_CROWDED_MS = 30_000;
// A socket that was cut is back sooner, or it may not come back at all.
const PATIENCE_MS = 2500;
// Where nothing answers a ping for so long, the network lets nothing through.
const MUTE_MS = 4000;
const PING_EVERY_MS = 20_000;

class ChatStream extends HTMLElement {
  #listening;
  #connection;
  #frames = new Frames();
  #receiving = Promise.resolve();
  #failures = 0;
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
    this.addEventListener("htmx:ws:before:message:incoming", (event) => this.#comes(event), { signal });
    this.addEventListener("htmx:ws:after:message:incoming", (event) => this.#came(event), { signal });
    this.addEventListener("htmx:ws:error", (event) => this.#failed(event), { signal });
    this.addEventListener("htmx:ws:close", (event) => this.#closed(event), { signal });
    this.addEventListener("chat:begin", (event) => this.#begin(event.target), { signal });
    on("chat:signed-out", () => (this.dataset.connection = "signed-out"));
    on("chat:signed-in", () => this.#isSignedOut && delete this.dataset.connection);
    addEventListener("focus", () => this.#comeBack(), { signal });
    addEventListener("offline", () => this.#lose(), { signal });
    addEventListener("online", () => this.#reachable(), { signal });
    addEventListener("online", () => this.#check(), { signal });
    addEventListener("online", () => this.#connect(), { signal });
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
    const isAlive = hears(socket).then((hears) => {
      if (hears) this.#isBack(socket);
      return hears;
    });
    // Over HTTP it goes on until something has come through the socket.
    if (this.#asking.isOn && !(await isAlive)) return socket.close();
    // What the last socket brought, or HTTP, may still be going in: it moves the cursors, and its
    // numbers are not this socket's.
    await Promise.all([this.#receiving, this.#asking.stop()]);
    if (socket.readyState !== WebSocket.OPEN) return;
    this.#connection = connection;
    this.#frames.begin();
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

  #lose() {
    this.dataset.connection = navigator.onLine ? "lost" : "offline";
  }

  // The machine has a network again; whether the server answers is seen elsewhere.
  #reachable() {
    if (this.dataset.connection !== "offline") return;
    const isOpen = this.#connection?.socket.readyState === WebSocket.OPEN;
    if (isOpen) delete this.dataset.connection;
    else this.#lose();
  }

  #answered(status) {
    this.#isRefused = status === 401;
    if (status === 200) {
      delete this.dataset.connection;
      return;
    }
    const states = { 401: "signed-out", 429: "crowded" };
    if (states[status]) this.dataset.connection = states[status];
    else this.#lose();
    if (this.#isRefused) this.#asking.stop();
  }

  // Not when it opens: who is signed out learns it only after that, and a server whose database is
  // away opens it as well, and closes it at once.
  #isBack(socket) {
    this.#failures = 0;
    if (socket.readyState === WebSocket.OPEN) delete this.dataset.connection;
  }

  #closed(event) {
    if (event.detail.reason !== "closed") return;
    const { code, connection } = event.detail;
    this.#connection = null;
    this.#receiving = connection.receiving;
    if (code === LOG_IN_AGAIN) {
      this.dataset.connection = "signed-out";
      this.#listing.rest();
      return;
    }
    if (code === TOO_MUCH && !this.#asking.isOn) this.dataset.connection = "crowded";
    else if (!this.#asking.isOn) this.#lose();
    const isBusy = this.#busy().length > 0;
    let wait = waitToConnect(this.#failures++, isBusy);
    if (code === TOO_MUCH) wait = RETRY_WHEN_CROWDED_MS * (0.5 + Math.random());
    setTimeout(() => this.#connect(), wait);
    // Not all at once here either.
    setTimeout(() => this.#fallBack(), PATIENCE_MS + (isBusy ? 0 : wait));
  }

  // Someone may have logged in again in another tab.
  #comeBack() {
    if (!this.#isSignedOut) return;
    if (this.#isRefused) this.#asking.start();
    else this.#connect();
  }

  // Does nothing while there is a connection, or one is being made. A browser that is offline
  // tells when it is back.
  #connect() {
    if (navigator.onLine) this.dispatchEvent(new Event("chat:connect"));
  }

  #begin(answer) {
    this.#comeBack();
    this.#connect();
    this.#follow(answer);
    if (this.#asking.isOn) this.#asking.start();
  }

  #follow(answer) {
    this.#send({ follow: answer.dataset.id, cursor: answer.dataset.cursor });
  }

  // Before htmx swaps what it brings.
  #comes({ detail }) {
    const frame = JSON.parse(detail.message.data);
    if (!frame.n) return;
    if (!this.#frames.isNext(frame)) this.#repair();
    if (this.#frames.isUsable(frame)) return;
    detail.cancelled = true;
    this.#done(frame, detail);
  }

  #came({ detail }) {
    const frame = JSON.parse(detail.message.data);
    if (this.#isNews(frame) || !frame.n) return;
    put(frame);
    this.#done(frame, detail);
  }

  #done(frame, { message }) {
    const acknowledgement = this.#frames.done(frame, message.data.length);
    if (acknowledgement) this.#send(acknowledgement);
  }

  // What did not go in is lost as well.
  #failed({ detail }) {
    if (detail.error instanceof Error) setTimeout(() => this.#repair(), REPAIR_MS);
  }

  #repair() {
    const answers = this.#busy();
    this.#frames.lose(answers.map(({ dataset }) => dataset.id));
    for (const answer of answers) {
      answer.dataset.cursor = "";
      this.#follow(answer);
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
    // It may have been closed while what it brought was going in.
    if (socket.readyState !== WebSocket.OPEN) return resolve(false);
    socket.addEventListener("message", () => resolve(true), { once: true });
    setTimeout(() => resolve(false), MUTE_MS);
    socket.send('{"ping":1}');
  });
}

customElements.define("chat-stream", ChatStream);
