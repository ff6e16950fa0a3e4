// The page's socket. It asks for what each unfinished answer lacks and puts in what comes: htmx
// swaps the HTML of a frame, and this adds the plain text that makes the open block longer.

// The server has at most 64 frames and two million characters under way.
const ACKNOWLEDGE_EVERY = 32;
const ACKNOWLEDGE_SIZE = 250_000;
const LOG_IN_AGAIN = 4401;
const SIGNED_OUT_MS = 1000;
const RETRY_MS = 2000;
const VOID = new Set(["BR", "HR", "IMG", "INPUT"]);

class ChatStream extends HTMLElement {
  #listening;
  #connection;
  #acknowledged;
  #size = 0;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("htmx:ws:after:connection", (event) => this.#opened(event), { signal });
    this.addEventListener("htmx:ws:after:message:incoming", (event) => this.#came(event), { signal });
    this.addEventListener("htmx:ws:close", (event) => this.#closed(event), { signal });
    this.addEventListener("chat:begin", (event) => this.#begin(event.target), { signal });
    addEventListener("focus", () => this.#comeBack(), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  async #opened({ detail: { connection } }) {
    const { socket } = connection;
    this.#connection = null;
    this.#clear(socket);
    // What the last socket brought may still be going in: it moves the cursors, and its numbers
    // are not this socket's.
    await connection.receiving;
    if (connection.socket !== socket) return;
    this.#connection = connection;
    this.#acknowledged = this.#size = 0;
    for (const answer of this.querySelectorAll("[aria-busy] chat-answer")) this.#follow(answer);
  }

  // Who is signed out learns it only once the socket is open: until then nothing is taken back.
  #clear(socket) {
    const isBack = () => socket.readyState === WebSocket.OPEN && delete this.dataset.connection;
    if (this.dataset.connection === "signed-out") setTimeout(isBack, SIGNED_OUT_MS);
    else isBack();
  }

  #closed(event) {
    if (event.detail.reason !== "closed") return;
    const isSignedOut = event.detail.code === LOG_IN_AGAIN;
    this.dataset.connection = isSignedOut ? "signed-out" : "lost";
    // htmx comes back after the codes that it is told, and this after all others.
    if (!isSignedOut) setTimeout(() => this.#connect(), RETRY_MS);
  }

  // Someone may have logged in again in another tab.
  #comeBack() {
    if (this.dataset.connection === "signed-out") this.#connect();
  }

  // Does nothing while there is a connection, or one is being made.
  #connect() {
    this.dispatchEvent(new Event("chat:connect"));
  }

  #begin(answer) {
    this.#comeBack();
    this.#follow(answer);
  }

  #follow(answer) {
    this.#send({ follow: answer.dataset.id, cursor: answer.dataset.cursor });
  }

  #came(event) {
    const frame = JSON.parse(event.detail.message.data);
    const article = document.getElementById(`m-${frame.id}`);
    const answer = article?.querySelector("chat-answer");
    if (answer && !frame.gone) answer.take(frame);
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

class ChatAnswer extends HTMLElement {
  connectedCallback() {
    if (this.#article.hasAttribute("aria-busy")) this.#tell("chat:begin");
  }

  take(frame) {
    this.dataset.cursor = frame.cursor;
    if (frame.text) append(document.getElementById(`m-${frame.id}-tail`), frame.text);
  }

  end(state) {
    if (this.#article.dataset.state === state) return;
    this.#article.dataset.state = state;
    this.#article.removeAttribute("aria-busy");
    this.#tell("chat:end", { state });
  }

  #tell(name, detail = {}) {
    const stopUrl = this.dataset.stopUrl;
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { stopUrl, ...detail } }));
  }

  get #article() {
    return this.closest("article");
  }
}

class ChatFoot extends HTMLElement {
  connectedCallback() {
    if (this.dataset.state !== "running") this.closest("chat-answer")?.end(this.dataset.state);
  }
}

// Says when an answer begins and ends, and never what it says: that would be every token.
class ChatLive extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("chat:begin", () => this.#say("begin"), { signal });
    document.addEventListener("chat:end", (event) => this.#say(event.detail.state), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #say(what) {
    this.textContent = this.dataset[what] ?? "";
  }
}

// The server put its own text where the run of closing tags at the end of the HTML begins; the
// same place in the tree is the end of the last element of the last element and so on.
function append(tail, text) {
  let place = tail;
  for (let inner; (inner = lastElement(place)); ) place = inner;
  if (place.lastChild instanceof Text) place.lastChild.appendData(text);
  else place.append(text);
}

function lastElement(parent) {
  let last = parent.lastChild;
  if (last instanceof Text && isElement(last.previousSibling) && !last.data.trim()) {
    last = last.previousSibling;
  }
  return isElement(last) ? last : null;
}

function isElement(node) {
  return node instanceof Element && !VOID.has(node.tagName);
}

customElements.define("chat-live", ChatLive);
customElements.define("chat-stream", ChatStream);
customElements.define("chat-answer", ChatAnswer);
customElements.define("chat-foot", ChatFoot);
