// Theme and sidebar change where they are chosen, at once; the server keeps it for the next page.

import { takeToken, token } from "./token.js";

const page = document.documentElement;

document.addEventListener("submit", (event) => {
  const { submitter: button } = event;
  if (!["theme", "sidebar"].includes(button?.name)) return;
  event.preventDefault();
  // In its place it would be a drawer that is open.
  if (button.name === "sidebar") closeDrawer();
  page.dataset[button.name] = button.value;
  if (button.name === "theme") mark(button.value);
  keep(button.getAttribute("formaction") ?? button.form.action, { [button.name]: button.value });
});

function closeDrawer() {
  const sidebar = document.getElementById("sidebar");
  if (sidebar.matches(":popover-open")) sidebar.hidePopover();
}

function mark(theme) {
  const scheme = theme === "system" ? "light dark" : theme;
  document.querySelector("meta[name=color-scheme]").content = scheme;
  for (const bar of document.querySelectorAll("meta[name=theme-color]")) bar.media = mediaOf(bar, theme);
  document.dispatchEvent(new Event("chat:theme"));
  for (const button of document.querySelectorAll(".themes button")) {
    button.setAttribute("aria-pressed", button.value === theme);
  }
}

// Of the browser's own bar: as base.html has it.
function mediaOf({ dataset }, theme) {
  if (theme === "system") return `(prefers-color-scheme: ${dataset.of})`;
  return theme === dataset.of ? "all" : "not all";
}

// What does not arrive lasts for as long as this page does.
async function keep(address, fields, isSecond = false) {
  const headers = { "HX-Request": "true", ...token() };
  const request = { method: "POST", body: new URLSearchParams(fields), headers, redirect: "error" };
  const response = await fetch(address, { ...request, keepalive: true }).catch(() => null);
  if (response?.status !== 403 || isSecond) return;
  if (takeToken(await response.text())) keep(address, fields, true);
}
