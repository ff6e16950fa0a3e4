// What a finished part of an answer gets besides its text: tools over code, and links between a
// footnote and its marks.

const LONGEST_DIAGRAM = 50_000;

class ChatProse extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("htmx:after:settle", (event) => this.#settled(event), { signal });
    this.#dress([this.querySelector(".done")]);
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #settled({ target, detail }) {
    if (!target.classList.contains("done")) return;
    this.#dress([...detail.newContent].filter((node) => node instanceof Element));
  }

  #dress(blocks) {
    const find = (what) => blocks.flatMap((block) => within(block, what));
    for (const figure of find("figure.code")) equip(figure);
    if (find(".note").length || find(".note-mark").length) this.#join();
  }

  // A note may come long after its mark, and a mark again after its note. The names are this
  // answer's own: no answer can take that of another part of the page.
  #join() {
    const { id } = this.closest("article");
    const back = document.getElementById("code-tools").content.firstElementChild.dataset.back;
    for (const note of this.querySelectorAll(".done .note")) {
      const label = note.querySelector(".note-label");
      const name = `${id}-note-${label.textContent}`;
      if (note.id || document.getElementById(name)) continue;
      note.id = name;
      label.append(linked(label, `${id}-mark-${label.textContent}`, back));
    }
    for (const mark of this.querySelectorAll(".done .note-mark:not(:has(a))")) {
      const name = `${id}-mark-${mark.textContent}`;
      const note = `${id}-note-${mark.textContent}`;
      if (!document.getElementById(note)) continue;
      if (!document.getElementById(name)) mark.id = name;
      mark.append(linked(mark, note));
    }
  }
}

// Takes the words out of `part` and gives them back as a link, to be put in again.
function linked(part, id, title = "") {
  const link = document.createElement("a");
  link.href = `#${id}`;
  link.title = title;
  link.append(...part.childNodes);
  return link;
}

function equip(figure) {
  const tools = document.getElementById("code-tools").content.cloneNode(true);
  const code = figure.querySelector("code");
  const isDiagram = code.matches(".language-mermaid") && code.textContent.length < LONGEST_DIAGRAM;
  if (!isDiagram) tools.querySelector("[data-tool=diagram]").remove();
  figure.firstElementChild.append(tools);
}

class ChatCode extends HTMLElement {
  #listening;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  async #clicked({ target }) {
    const button = target.closest("[data-tool]");
    if (!button) return;
    const [figure, isOn] = [this.closest("figure"), button.ariaPressed === "false"];
    button.ariaPressed = String(isOn);
    if (isOn && button.dataset.tool === "numbers") await number(figure);
    figure.toggleAttribute(`data-${button.dataset.tool}`, isOn);
    if (isOn && button.dataset.tool === "diagram") await this.#draw(figure, button);
  }

  async #draw(figure, button) {
    figure.querySelector(".undrawn")?.remove();
    if (figure.querySelector("iframe")) return;
    try {
      const { draw } = await import("./diagram.js");
      await draw(figure, button.dataset);
    } catch {
      button.ariaPressed = "false";
      figure.removeAttribute("data-diagram");
      figure.append(notice(button.dataset.failed));
    }
  }
}

async function number(figure) {
  const code = figure.querySelector("code");
  const { split } = await import("./lines.js");
  if (!code.querySelector(".line")) split(code);
}

function notice(words) {
  const notice = document.createElement("p");
  notice.className = "undrawn";
  notice.role = "status";
  notice.textContent = words;
  return notice;
}

function within(block, what) {
  return block.matches(what) ? [block] : [...block.querySelectorAll(what)];
}

customElements.define("chat-code", ChatCode);
customElements.define("chat-prose", ChatProse);
