// What a page behind the log-in does for the time when the site cannot be reached. Loaded when all
// else is there, so that it holds up nothing.

import { forget, isAllowed, isPossible, keep, tidy } from "./copies.js";

const { user } = document.body.dataset;

start().catch(() => {});

async function start() {
  if (!isPossible) return;
  // Whoever used this browser before, and did not log out.
  await forget(user);
  await navigator.serviceWorker.register(`/sw.js?in=${document.documentElement.lang}`);
  if (!(await isAllowed(user))) return;
  document.addEventListener("chat:end", () => keepThis().catch(() => {}));
  await tidy(user).catch(() => {});
  await keepThis();
}

async function keepThis() {
  if (/^\/c\/[0-9a-f-]{36}\/$/.test(location.pathname)) await keep(user, location.pathname);
}
