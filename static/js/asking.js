// Where no websocket gets through, the page asks over HTTP: the server answers as soon as one of
// the answers has more than its cursor, and what comes meanwhile comes at once.

const URL = "/updates/";
const PAUSE_MS = 250;
const IDLE_MS = 20_000;
const RETRY_MS = 1000;
const RETRY_AT_MOST_MS = 15_000;
const CUT = -1;

export class Asking {
  #page;
  #stopped = null;
  #ended = Promise.resolve();
  #wake = () => {};
  #cut = () => {};

  // `page` has `cursors()`, an object of them by answer; `take(frame)`, which may be waited for;
  // and `answered(status)`, told after each question, with 0 where there was no answer.
  constructor(page) {
    this.#page = page;
  }

  get isOn() {
    return this.#stopped !== null;
  }

  // Or ask anew, with what there is to ask by now.
  start() {
    if (this.isOn) {
      this.#cut();
      return this.#wake();
    }
    this.#stopped = new AbortController();
    const { signal } = this.#stopped;
    this.#ended = this.#ended.then(() => this.#run(signal));
  }

  // Afterwards the cursors are at rest.
  stop() {
    this.#stopped?.abort();
    this.#stopped = null;
    this.#wake();
    return this.#ended;
  }

  async #run(signal) {
    for (let failures = 0; !signal.aborted; ) {
      const cursors = this.#page.cursors();
      const status = await this.#ask(cursors, this.#cutBy(signal));
      if (signal.aborted) return;
      if (status === CUT) continue;
      failures = status === 200 ? 0 : failures + 1;
      this.#page.answered(status);
      await this.#pause(failures ? backOff(failures) : isEmpty(cursors) ? IDLE_MS : PAUSE_MS);
    }
  }

  #cutBy(signal) {
    const question = new AbortController();
    this.#cut = () => question.abort();
    signal.addEventListener("abort", this.#cut, { signal: question.signal });
    return question.signal;
  }

  async #ask(cursors, signal) {
    if (!navigator.onLine) return 0;
    const request = { method: "POST", body: JSON.stringify(cursors), signal, redirect: "error" };
    try {
      const response = await fetch(URL, request);
      const lines = response.ok ? (await response.text()).split("\n").filter(Boolean) : [];
      for (const line of lines) await this.#page.take(JSON.parse(line));
      return response.status;
    } catch {
      return signal.aborted ? CUT : 0;
    }
  }

  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

// Not all at once, and ever more seldom.
function backOff(failures) {
  const most = Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_AT_MOST_MS);
  return most * (0.5 + Math.random() / 2);
}

function isEmpty(object) {
  return Object.keys(object).length === 0;
}
