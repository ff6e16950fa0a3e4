// What can be done on a page, by its name: for keys, and for the palette.

// With those that are compared below a question.
const MESSAGES = "#messages article.message";

// What each needs to be there, else it cannot be done.
const CONTROLS = {
  palette: () => at("#palette"),
  sheet: () => at("#sheet"),
  write: () => at("#text"),
  compare: () => at(".compare-link"),
  new: () => at(".new-chat"),
  search: () => at("#search"),
  sidebar: () => at("#sidebar[popover]"),
  pick: () => at('.shelf-tools a[href*="select=1"]'),
  stop: () => [at("#composer .stop")].find((button) => button?.checkVisibility()),
  copy: () => [...document.querySelectorAll("#messages .answer > * > .foot .copy")].at(-1),
  previous: () => messages().at(reached() < 0 ? lastInView() : Math.max(reached() - 1, 0)),
  next: () => messages()[reached() < 0 ? firstInView() : reached() + 1],
  system: () => at("#chat-header .system-button"),
  rename: () => at("#chat-header details.title"),
  print: () => at("#messages > article"),
};
// How, where it is not by a press.
const WAYS = {
  palette: show,
  sheet: show,
  write: (field) => field.focus(),
  search: seek,
  sidebar: toggle,
  pick: startPicking,
  previous: stand,
  next: stand,
  rename,
  print: () => window.print(),
};

export function controlOf(name) {
  return CONTROLS[name]?.();
}

// Says whether it could be done.
export function act(name) {
  const control = controlOf(name);
  if (!control) return false;
  const way = WAYS[name] ?? ((button) => button.click());
  way(control);
  return true;
}

// The model, if this page offers it.
export function pick(model) {
  const picker = at("#model");
  if (![...(picker?.options ?? [])].some(({ value }) => value === model)) return false;
  picker.value = model;
  picker.dispatchEvent(new Event("change", { bubbles: true }));
  at("#text").focus();
  return true;
}

function at(selector) {
  return document.querySelector(selector);
}

function show(dialog) {
  dialog.showModal();
  dialog.dispatchEvent(new Event("chat:open"));
}

function seek(field) {
  const sidebar = field.closest("[popover]");
  if (!field.checkVisibility()) sidebar?.showPopover();
  field.focus();
  field.select();
}

function startPicking(link) {
  const sidebar = link.closest("[popover]");
  if (!link.checkVisibility()) sidebar?.showPopover();
  link.click();
}

function toggle(sidebar) {
  if (!matchMedia("(width >= 60rem)").matches) return sidebar.togglePopover();
  const isHidden = document.documentElement.dataset.sidebar === "hidden";
  sidebar.querySelector(`[name=sidebar][value=${isHidden ? "shown" : "hidden"}]`).click();
}

function messages() {
  return [...document.querySelectorAll(MESSAGES)];
}

// Which of them has the focus; -1 if none.
function reached() {
  return messages().indexOf(document.activeElement.closest(MESSAGES));
}

function firstInView() {
  const bottom = at("#chat-header")?.getBoundingClientRect().bottom;
  return messages().findIndex((message) => message.getBoundingClientRect().top >= bottom);
}

function lastInView() {
  const top = at("#composer")?.getBoundingClientRect().top;
  return messages().findLastIndex((message) => message.getBoundingClientRect().top < top);
}

function stand(message) {
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
  message.scrollIntoView();
}

function rename(details) {
  details.open = true;
  const field = details.querySelector("input[name=title]");
  field.focus();
  field.select();
}
