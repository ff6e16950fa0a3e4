// What changes which branch of a chat is shown: another version of a message, an edit, another
// answer, a deletion and its undoing. The page says what it shows and is given what it lacks; what
// was pressed stays under the pointer and keeps the focus.

import { shownTurns } from "./shown.js";

const NAMES = ["previous", "next"];

let held = null;

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!wayOf(ctx)) return;
  // A page of earlier messages does not end where the branch does: it gets another one.
  const isEarlier = document.querySelector("#messages > .later");
  if (!isEarlier) ctx.request.body.set("turns", shownTurns().get("shown"));
});

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const way = ctx?.response?.status === 200 && wayOf(ctx);
  if (way === "ask") document.dispatchEvent(new Event("chat:branched"));
  if (way === "turn") hold(ctx);
});

document.addEventListener("htmx:after:swap", () => {
  if (held) release();
});

function wayOf(ctx) {
  const { sourceElement, request } = ctx;
  const form = request?.method === "POST" && (sourceElement.form ?? sourceElement).closest("[data-branch]");
  return form ? form.dataset.branch : "";
}

function hold({ sourceElement, request }) {
  const top = sourceElement.closest(".versions")?.getBoundingClientRect().top;
  held = { id: request.action.split("/").at(-3), top, name: NAMES.find((name) => sourceElement.classList.contains(name)) };
  // What is read stays where it is.
  document.querySelector("chat-follow").removeAttribute("following");
}

function release() {
  const { id, top, name } = held;
  held = null;
  const message = document.querySelector(`#messages > article[data-id="${CSS.escape(id)}"]`);
  const versions = message?.querySelector(".versions");
  if (top === undefined || !versions) return reach(message);
  scrollBy({ top: versions.getBoundingClientRect().top - top, behavior: "instant" });
  const buttons = [name, ...NAMES].map((each) => versions.querySelector(`.${each}:enabled`));
  buttons.find(Boolean)?.focus({ preventScroll: true });
}

// A message that is there again.
function reach(message) {
  if (!message) return;
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
  message.scrollIntoView({ block: "nearest", behavior: "instant" });
}
