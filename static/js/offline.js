// Reading without the site: the copy of the chat whose address this is, the list of all that are
// kept, and the switch that allows to keep them.

import { all, allow, forget, isAllowed, isPossible } from "./copies.js";

class ChatCopies extends HTMLElement {
  connectedCallback() {
    this.fill();
  }

  async fill() {
    const copies = isPossible ? await all() : [];
    const list = this.querySelector("ul");
    list.replaceChildren(...copies.map(([address, copy]) => row(address, copy.dataset.title)));
    list.hidden = !copies.length;
    this.querySelector("[data-when=empty]").hidden = copies.length > 0;
  }
}

function row(address, title) {
  const link = document.createElement("a");
  link.href = address;
  link.dir = "auto";
  link.textContent = title;
  const item = document.createElement("li");
  item.append(link);
  return item;
}

// On the page that stands in for another one.
class ChatCopyReader extends HTMLElement {
  async connectedCallback() {
    addEventListener("online", () => location.reload());
    const found = isPossible && (await all()).find(([address]) => address === location.pathname);
    if (!found) return;
    const [, copy] = found;
    document.title = `${copy.dataset.title} – Chatsite`;
    this.replaceChildren(copy);
  }
}

class ChatAllow extends HTMLElement {
  async connectedCallback() {
    const box = this.querySelector("input");
    this.querySelector("[data-when=impossible]").hidden = isPossible;
    if (!isPossible) return;
    await forget(this.dataset.user);
    await document.querySelector("chat-copies").fill();
    box.checked = await isAllowed(this.dataset.user);
    box.disabled = false;
    box.addEventListener("change", () => this.#switch(box.checked));
  }

  async #switch(isOn) {
    if (isOn) await allow(this.dataset.user);
    else await forget();
    await document.querySelector("chat-copies").fill();
  }
}

customElements.define("chat-copies", ChatCopies);
customElements.define("chat-copy-reader", ChatCopyReader);
customElements.define("chat-allow", ChatAllow);
