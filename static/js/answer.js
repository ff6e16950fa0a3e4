// An answer that grows: it keeps its cursor, adds the plain text that makes its open block longer,
// and tells the page when it begins and ends.

const VOID = new Set(["BR", "HR", "IMG", "INPUT"]);

// What a frame holds beside the HTML that htmx has swapped.
export function put(frame) {
  const article = document.getElementById(`m-${frame.id}`);
  const answer = article?.querySelector("chat-answer");
  if (answer && !frame.gone) answer.take(frame);
}

class ChatAnswer extends HTMLElement {
  #run = "";

  disconnectedCallback() {
    // Removed in mid-answer, it would never tell that it ended.
    if (this.#run) document.dispatchEvent(new CustomEvent("chat:end", { detail: {} }));
    this.#run = "";
  }

  // Once for each run: an answer may be continued elsewhere before its end is told here.
  begin(run) {
    if (this.#run === run) return;
    this.#run = run;
    this.#tell("chat:begin");
  }

  take(frame) {
    this.dataset.cursor = frame.cursor;
    if (frame.text) append(document.getElementById(`m-${frame.id}-tail`), frame.text);
  }

  end(state) {
    this.#run = "";
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
    const { state, run } = this.dataset;
    const answer = this.closest("chat-answer");
    if (state === "running") answer?.begin(run);
    else answer?.end(state);
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

// For how long an answer has been thought about. Only while it is: its end says how long it was.
class ChatClock extends HTMLElement {
  #timer;

  connectedCallback() {
    const article = this.closest("article");
    const since = Date.now() - this.dataset.age * 1000;
    const seconds = new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit",
      unit: "second",
      unitDisplay: "short",
    });
    const tick = () => {
      if (!article.ariaBusy) return this.#stop();
      this.textContent = seconds.format(Math.round((Date.now() - since) / 1000));
    };
    if (article?.ariaBusy) this.#timer = setInterval(tick, 1000);
  }

  disconnectedCallback() {
    this.#stop();
  }

  #stop() {
    clearInterval(this.#timer);
    this.textContent = "";
  }
}

customElements.define("chat-clock", ChatClock);
customElements.define("chat-live", ChatLive);
customElements.define("chat-answer", ChatAnswer);
customElements.define("chat-foot", ChatFoot);
