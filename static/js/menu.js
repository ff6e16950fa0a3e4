// A menu closes as soon as something else is wanted.

const OPEN = "details.account[open]";

document.addEventListener("click", closeOthers);
document.addEventListener("focusin", closeOthers);
// Before the keys, for which Escape may stop the answer; and the drawer around the menu stays.
document.addEventListener("keydown", leave, { capture: true });
document.addEventListener("toggle", show, { capture: true });
// A page that comes back comes back as it was left.
addEventListener("pagehide", () => document.querySelector(OPEN)?.removeAttribute("open"));

function leave(event) {
  const menu = document.querySelector(OPEN);
  if (event.key !== "Escape" || !menu || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
}

// Not for a dialog that was opened from it: the focus has to find its way back. Nor where it covers
// nothing: what is about to be pressed would slide away.
function closeOthers({ target }) {
  const menu = document.querySelector(OPEN);
  if (!menu || menu.contains(target) || target.closest("dialog")) return;
  if (getComputedStyle(menu.lastElementChild).position === "absolute") menu.open = false;
}

// At the foot of a page it opens below what is seen.
function show({ target }) {
  if (target.matches?.(OPEN)) target.lastElementChild.scrollIntoView({ block: "nearest" });
}
