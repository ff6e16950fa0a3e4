// While answers are compared: the model of the one that goes on where none is kept, as the server
// has it; and who keeps one goes on with its model.

class ChatGoesOn extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("chat:end", () => setTimeout(() => this.#tell()), { signal });
    document.addEventListener("htmx:after:swap", ({ target }) => target.matches?.("chat-stream") || this.#tell(), { signal });
    document.addEventListener("chat:caught-up", () => this.#tell(), { signal });
    // It may have been loaded after what it tells.
    this.#tell();
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #tell() {
    const answers = [...document.querySelectorAll("#messages > article:last-child > .compared .answer")];
    const begun = answers.filter((it) => it.querySelector(".prose").textContent.trim() || it.querySelector(".pictures"));
    const one = begun.find(({ dataset }) => dataset.state === "complete") ?? begun[0] ?? answers[0];
    this.hidden = !one;
    if (one) this.querySelector("b").textContent = one.querySelector(".model").textContent;
  }
}

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const { sourceElement, response } = ctx;
  const picker = document.getElementById("model");
  if (response?.status !== 200 || !sourceElement.matches(".keep") || !picker) return;
  const { model } = sourceElement.dataset;
  if (!picker.querySelector(`[value="${CSS.escape(model)}"]`)) return;
  picker.value = model;
  picker.dispatchEvent(new Event("change", { bubbles: true }));
});

customElements.define("chat-goes-on", ChatGoesOn);
