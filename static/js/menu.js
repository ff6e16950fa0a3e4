// A menu closes as soon as something else is wanted.

const OPEN = "details.account[open]";

document.addEventListener("click", closeOthers);
document.addEventListener("focusin", closeOthers);
// Before the keys, for which Escape may stop the answer; and the drawer around the menu stays.
document.addEventListener("keydown", leave, { capture: true });

function leave(event) {
  const menu = document.querySelector(OPEN);
  if (event.key !== "Escape" || !menu || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
}

// Not for a dialog that was opened from it: the focus has to find its way back.
function closeOthers({ target }) {
  const menu = document.querySelector(OPEN);
  if (menu && !menu.contains(target) && !target.closest("dialog")) menu.open = false;
}
