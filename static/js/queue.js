// Messages that wait. Each change of theirs brings the whole list: what is typed into one of them
// stays, and the focus goes on from a button that is gone.

const typed = new Map();
// The id of the field.
let returnTo = "";

class ChatQueue extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("input", ({ target }) => typed.set(target.id, target.value), { signal });
    this.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.addEventListener("submit", (event) => this.#acts(event), { signal });
    const fields = [...this.querySelectorAll("textarea")];
    for (const id of typed.keys()) if (!fields.some((field) => field.id === id)) typed.delete(id);
    for (const field of fields) field.value = typed.get(field.id) ?? field.value;
    // Not before its forerunner, with the button in it, has left the page.
    queueMicrotask(() => this.#return());
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  // As in the composer: Enter is done with it, Escape takes it back.
  #pressed(event) {
    if (event.target.tagName !== "TEXTAREA" || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (event.key === "Escape") {
      event.target.closest("li").querySelector("[value=leave]").click();
    }
  }

  #acts({ target, submitter }) {
    const item = target.closest("li");
    if (submitter?.value === "leave") typed.delete(item.querySelector("textarea").id);
    const isEdited = submitter?.value === "edit";
    returnTo = isEdited ? `text-${target.dataset.queued}` : "text";
  }

  #return() {
    const field = document.getElementById(returnTo);
    returnTo = "";
    // Whoever went on elsewhere stays there; on a phone the composer's would bring up the keyboard.
    if (!field || document.activeElement !== document.body) return;
    if (field.id === "text" && !matchMedia("(hover: hover)").matches) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }
}

customElements.define("chat-queue", ChatQueue);
