// The focus stays where the work is: when the control that has it goes, by a swap or because it
// did what it is there for, what stands for it now takes it over, and else the composer.

let last = null;

document.addEventListener("focusin", ({ target }) => (last = target));
// Left by the reader, not taken away: then there is nothing to hand on.
document.addEventListener("focusout", () => setTimeout(() => isFree() && !isGone(last) && (last = null)));
// Where nothing had it before a dialog, nothing has it afterwards.
document.addEventListener("close", () => setTimeout(() => isFree() && (last = null)), true);
for (const name of ["click", "chat:end", "htmx:after:swap"]) {
  document.addEventListener(name, ({ target }) => {
    // The socket swaps many times a second, and never a control.
    if (!(target instanceof Element && target.matches("chat-stream, chat-temporary"))) setTimeout(handOn);
  });
}

function handOn() {
  if (!last || !isGone(last) || !(isFree() || document.activeElement === last)) return;
  const heirs = [...ownHeirs(last), ...composer(), ".new-chat"];
  const heir = heirs.flatMap((at) => [...document.querySelectorAll(at)]).find((it) => !isGone(it));
  last = null;
  // Where the page stands is up to the reader, and to the follow mode.
  heir?.focus({ preventScroll: true });
}

function isFree() {
  return document.activeElement === document.body;
}

function isGone(element) {
  return !element?.isConnected || !element.checkVisibility({ visibilityProperty: true });
}

// What was removed still knows what it was removed with.
function ownHeirs(gone) {
  const row = gone.closest(".row");
  if (row) return neighbours(document.getElementById(row.id) ?? row).flatMap(linkOf);
  if (gone.closest("chat-toast")) return linkTo(gone.form?.getAttribute("action").replace(/restore\/$/, ""));
  if (gone.closest("#gauge, #context")) return [gone.id && `#${gone.id}`, "#context-title", "#gauge a"].filter(Boolean);
  if (gone.closest("#system")) return [".system-button"];
  if (gone.closest("#chat-header")) return ["#chat-header summary"];
  if (gone.matches(".earlier, .more")) return [`.${gone.className.split(" ")[0]}`];
  return [];
}

// A row that was deleted leaves an empty one in its place.
function neighbours(row) {
  const rows = [...(row.parentElement?.children ?? [])];
  const place = rows.indexOf(row);
  return [row, ...rows.slice(place + 1), ...rows.slice(0, Math.max(place, 0)).reverse()];
}

function linkOf(row) {
  return linkTo(row.querySelector(":scope > a")?.getAttribute("href"));
}

function linkTo(href) {
  return href ? [`#conversation-list li > a[href="${CSS.escape(href)}"]`] : [];
}

// On a phone the text field would bring up the keyboard.
function composer() {
  return matchMedia("(hover: hover)").matches ? ["#text"] : ["#composer .primary"];
}
