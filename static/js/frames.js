// The frames of one socket, which are numbered. Where one is missing nothing is guessed: all that
// is shown of the unfinished answers is asked for again, and of each only the frame counts that
// replaces the whole.

// The server has at most 64 frames and two megabytes under way.
const ACKNOWLEDGE_EVERY = 32;
const ACKNOWLEDGE_SIZE = 250_000;

export class Frames {
  #last = 0;
  #acknowledged = 0;
  #size = 0;
  #lacking = new Set();

  // A new socket counts from one.
  begin() {
    this.#last = this.#acknowledged = this.#size = 0;
    this.#lacking.clear();
  }

  // Whether this frame comes right after the one before it.
  isNext({ n }) {
    const isNext = n === this.#last + 1;
    this.#last = n;
    return isNext;
  }

  // From now on these answers wait for the whole.
  lose(ids) {
    for (const id of ids) this.#lacking.add(id);
  }

  // Whether the page can do anything with this frame.
  isUsable({ id, whole, gone }) {
    if (whole || gone) this.#lacking.delete(id);
    return !this.#lacking.has(id);
  }

  // What is to be told the server now that this frame is done with; nothing most of the time.
  done({ n }, size) {
    this.#size += size;
    if (this.#size < ACKNOWLEDGE_SIZE && n - this.#acknowledged < ACKNOWLEDGE_EVERY) return null;
    this.#acknowledged = n;
    this.#size = 0;
    return { ack: n };
  }
}
