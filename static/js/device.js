// What a page behind the log-in does for the time when the site cannot be reached. Loaded when all
// else is there, so that it holds up nothing.

import { forget, isAllowed, isPossible, keep, tidy } from "./copies.js";

const { user } = document.body.dataset;
let isLeaving = false;
// One after the other, or an older copy could be put in the place of a newer one.
let kept = Promise.resolve();

start().catch(() => {});

async function start() {
  if (!isPossible) return;
  // Whoever used this browser before, and did not log out.
  await forget(user);
  await navigator.serviceWorker.register(`/sw.js?in=${document.documentElement.lang}`);
  if (!(await isAllowed(user))) return;
  document.addEventListener("submit", ({ target, submitter }) => {
    const address = submitter?.getAttribute("formaction") ?? target.getAttribute("action");
    isLeaving ||= Boolean(address?.endsWith("/logout/"));
  });
  document.addEventListener("chat:end", keepThis);
  await tidy(user).catch(() => {});
  keepThis();
}

function keepThis() {
  kept = kept.then(() => keepChatAt(location.pathname)).catch(() => {});
}

async function keepChatAt(path) {
  if (/^\/c\/[0-9a-f-]{36}\/$/.test(path)) await keep(user, path, () => isLeaving);
}
