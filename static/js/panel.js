// A panel beside the chat: it opens once there is something in it. Its links and forms lead to
// pages of their own wherever this does not run.

class ChatPanel extends HTMLElement {
  #listening;
  #edited;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => this.#filled(ctx), { signal });
    for (const name of ["chat:end", "chat:caught-up"]) document.addEventListener(name, () => this.#refresh(), { signal });
    this.addEventListener("input", ({ target }) => (this.#edited = target.form), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #filled(ctx) {
    const source = ctx?.sourceElement;
    if (source?.closest?.("#gauge") && source.matches("a") && !this.matches(":popover-open")) this.showPopover();
  }

  // An answer has ended, a summary has come, another tab has steered. Not under the hands of who is
  // about to decide something here.
  #refresh() {
    const form = this.querySelector("form.keep");
    if (!form || form === this.#edited || !this.matches(":popover-open")) return;
    const address = new URL(form.getAttribute("action"), location.href);
    address.searchParams.set("again", "");
    htmx.ajax("GET", address.href, { target: "#context", swap: "outerHTML" }).catch(() => {});
  }

  // To a message that stands on this page.
  #clicked(event) {
    const link = event.target.closest(".excerpt a");
    const id = link?.closest("li").id.replace("context-", "");
    const message = id && document.querySelector(`#messages [data-id="${id}"], #m-${CSS.escape(id)}`)?.closest(".message");
    if (!message || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.hidePopover();
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: "start", behavior: "instant" });
  }
}

customElements.define("chat-panel", ChatPanel);
