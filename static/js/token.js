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

// The headers that a post of this page needs.
export function token() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited"));
}

// Takes over the token that an answer brings; says whether it brought one.
export function takeToken(text) {
  const found = new DOMParser().parseFromString(text, "text/html").querySelector("chat-token");
  if (found) document.body.append(found);
  return found;
}

customElements.define("chat-token", ChatToken);
