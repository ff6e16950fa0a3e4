// A log-in in another tab gives the browser a new token: every form of this page takes it over.

class ChatToken extends HTMLElement {
  connectedCallback() {
    const { token } = this.dataset;
    document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      input.value = token;
    }
    this.remove();
  }
}

customElements.define("chat-token", ChatToken);
