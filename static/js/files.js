// Text files that are chosen, pasted, or dropped anywhere on the page, are put into the message as
// text.

class ChatFiles extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (name, act) => document.addEventListener(name, act, { signal });
    on("paste", (event) => event.target.id === "text" && this.#take(event, event.clipboardData));
    on("dragover", (event) => this.#hover(event));
    on("dragleave", ({ relatedTarget }) => relatedTarget || this.#shade(false));
    on("drop", (event) => this.#take(event, event.dataTransfer));
    on("click", ({ target }) => target.closest(".attach") && this.#chosen.click());
    on("change", ({ target }) => target === this.#chosen && this.#choose());
    on("chat:asked", () => this.#clear());
    on("chat:queued", () => this.#clear());
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  get #text() {
    return document.getElementById("text");
  }

  get #chosen() {
    return document.getElementById("attached");
  }

  // Emptied, so that the same file can be chosen once more.
  #choose() {
    const files = [...this.#chosen.files];
    this.#chosen.value = "";
    this.#put(files);
  }

  // Else the browser would leave the page, and show the file.
  #hover(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.#shade(true);
  }

  #shade(isOver) {
    this.closest("chat-composer").toggleAttribute("dragging", isOver);
  }

  #take(event, { files, types }) {
    this.#shade(false);
    // Beside a picture of it, some programs put what was copied as text: that is meant.
    const isWritten = ["text/plain", "text/html"].every((type) => types.includes(type));
    if (!files.length || isWritten) return;
    event.preventDefault();
    this.#put([...files]);
  }

  async #put(files) {
    this.#clear();
    for (const file of files) this.#say(await this.#add(file), file.name);
    this.#text.focus();
  }

  // Says what became of it.
  async #add(file) {
    if (file.size > this.#room) return "large";
    const text = await textOf(file);
    if (text === null) return "foreign";
    const { value, selectionStart: start, selectionEnd: end } = this.#text;
    const before = value.slice(0, start);
    const gap = before && !before.endsWith("\n") ? "\n\n" : "";
    this.#text.setRangeText(`${gap}${framed(file.name, text)}\n`, start, end, "end");
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
    return "added";
  }

  get #room() {
    const { limitKb } = this.closest("chat-composer").dataset;
    return limitKb * 1024 - new Blob([this.#text.value]).size;
  }

  #say(outcome, name) {
    const said = this.querySelector(`template[data-said=${outcome}]`).content.cloneNode(true);
    said.querySelector("b").textContent = name;
    this.append(said);
  }

  #clear() {
    for (const said of this.querySelectorAll("p")) said.remove();
  }
}

// Nothing for what is no text, whatever it is called.
async function textOf(file) {
  try {
    // A folder has no bytes to be read.
    const bytes = new Uint8Array(await file.arrayBuffer());
    const [first, second] = bytes;
    const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
    const encoding = isWide ? (first === 0xff ? "utf-16le" : "utf-16be") : "utf-8";
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text.replaceAll("\r\n", "\n");
  } catch {
    return null;
  }
}

// With its name, and in a fence that nothing inside ends.
function framed(name, text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${name}\n${fence}\n${text.replace(/\n$/, "")}\n${fence}`;
}

customElements.define("chat-files", ChatFiles);
