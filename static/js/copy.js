// Copying: an answer as the Markdown it was written in, a block of code as plain text.

const SAID_MS = 2000;

class ChatCopy extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  async #clicked(event) {
    const button = event.target.closest("button");
    if (!button || button.hasAttribute("data-said")) return;
    try {
      await write(this.#read());
      say(button);
    } catch {
      document.getElementById("composer-error").textContent = button.dataset.failed;
    }
  }

  async #read() {
    const { url } = this.dataset;
    if (!url) return this.#shown();
    // Who is signed out is led to another page, which is not the text.
    const response = await fetch(url, { redirect: "error" });
    if (!response.ok) throw new Error(`No text: ${response.status}`);
    return response.text();
  }

  // Of a block of code; or of a message that the page alone has, and tells.
  #shown() {
    const code = this.closest("figure")?.querySelector("pre").textContent;
    const told = new CustomEvent("chat:text", { bubbles: true, detail: { text: code } });
    if (code === undefined) this.dispatchEvent(told);
    return told.detail.text;
  }
}

// The promise goes into the clipboard item, not its text: Safari forgets the click while the
// text is fetched. Pages without encryption have no clipboard but this old way.
async function write(text) {
  if (navigator.clipboard?.write) {
    const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
    // A clipboard that refuses first waits for no text, and nobody hears that there is none.
    blob.catch(() => {});
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    return;
  }
  const copied = await text;
  const put = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", copied);
  };
  document.addEventListener("copy", put);
  const isCopied = document.execCommand("copy");
  // A refused one would otherwise wait here, and replace what the reader copies next.
  document.removeEventListener("copy", put);
  if (!isCopied) throw new Error("The browser did not copy");
}

function say(button) {
  const label = button.querySelector("span");
  const before = label.textContent;
  button.toggleAttribute("data-said", true);
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    button.toggleAttribute("data-said", false);
    label.textContent = before;
  }, SAID_MS);
}

customElements.define("chat-copy", ChatCopy);
