// A panel beside the chat: it opens once there is something in it. Its links and forms lead to
// pages of their own wherever this does not run.

class ChatPanel extends HTMLElement {
  #listening;
  #isEdited = false;
  #isOld = false;
  #isRefreshing = false;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => this.#filled(ctx), { signal });
    for (const name of ["chat:end", "chat:caught-up"]) document.addEventListener(name, () => this.#refresh(), { signal });
    this.addEventListener("input", () => (this.#isEdited = true), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #filled(ctx) {
    const source = ctx?.sourceElement;
    // What was refused is still being edited.
    if (source?.matches?.("#gauge a, form.keep") && ctx.response?.status === 200) this.#isEdited = false;
    if (source?.closest?.("#gauge") && source.matches("a") && !this.matches(":popover-open")) this.showPopover();
  }

  // An answer has ended, or a summary has come.
  async #refresh() {
    this.#isOld = true;
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    while (this.#isOld && this.#isFree) {
      this.#isOld = false;
      await this.#fetch().catch(() => {});
    }
    this.#isRefreshing = false;
  }

  // Open, and not under the hands of who is about to decide something here.
  get #isFree() {
    const isTaken = this.#isEdited || this.querySelector(".htmx-request") || this.#isSelectedFrom;
    return this.matches(":popover-open") && this.querySelector("form.keep") && !isTaken;
  }

  get #isSelectedFrom() {
    const selection = getSelection();
    return !selection.isCollapsed && selection.containsNode(this, true);
  }

  async #fetch() {
    const target = document.getElementById("context");
    const address = new URL(this.querySelector("form.keep").getAttribute("action"), location.href);
    address.searchParams.set("again", "");
    const response = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "error" });
    const text = await response.text();
    if (!response.ok || !this.#isFree || !target.isConnected) return;
    // What stays keeps the focus.
    await htmx.swap({ sourceElement: target, target, swap: "outerMorph", text, transition: false });
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
