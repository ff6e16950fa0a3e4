// Rows of the list are picked: how many, all from one to another with Shift, and Escape to leave.

class ChatSelection extends HTMLElement {
  #listening;
  #last = null;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (name, act) => this.#list.addEventListener(name, act, { signal });
    on("click", (event) => this.#clicked(event));
    on("change", () => this.#tell());
    on("htmx:after:swap", () => this.#tell());
    this.querySelector("form").addEventListener("formdata", (event) => this.#join(event.formData), { signal });
    on("keydown", (event) => event.key === "Escape" && this.#leave(event));
    this.#tell();
    // Whoever asked to pick goes on with the keyboard; on a phone nothing would come up.
    if (!this.#list.contains(document.activeElement)) this.#boxes[0]?.focus({ preventScroll: true });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  get #list() {
    return this.closest("chat-list");
  }

  get #boxes() {
    return [...this.#list.querySelectorAll("[name=chat]")];
  }

  #clicked(event) {
    const button = event.target.closest("#selection button[formaction]");
    if (button) this.#send(event, button);
    const box = event.target.closest("[name=chat]");
    if (!box) return;
    const [from, to] = [this.#boxes.indexOf(this.#last), this.#boxes.indexOf(box)];
    if (event.shiftKey && from >= 0) {
      const between = this.#boxes.slice(Math.min(from, to), Math.max(from, to) + 1);
      for (const each of between) each.checked = box.checked;
    }
    this.#last = box;
  }

  #tell() {
    const count = this.#boxes.filter(({ checked }) => checked).length;
    const picked = this.querySelector(".picked");
    const { none, some } = picked.dataset;
    picked.textContent = count ? some.replace("{count}", count) : none;
    for (const button of this.querySelectorAll("button")) button.disabled = !count;
  }

  // The answer is a file, for the browser and not for htmx: this page stays.
  #send(event, { form, formAction }) {
    event.preventDefault();
    const { action } = form;
    form.action = formAction;
    form.submit();
    form.action = action;
  }

  // No form may have more than some hundred fields.
  #join(fields) {
    fields.set("chats", fields.getAll("chat").join());
    fields.delete("chat");
  }

  #leave(event) {
    event.preventDefault();
    this.#list.querySelector(".shelf-tools a").click();
  }
}

customElements.define("chat-selection", ChatSelection);
