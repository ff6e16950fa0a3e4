// Runs beside the pages (a service worker; `SHELL` and `VERSION` are put before it by the server).
// It fetches pages as the browser would, and only when that fails shows the offline page, at the
// same address. What a page, a stream or a post brings is never kept here: the copies of chats are
// the page's doing (copies.js), and this only helps to throw them away.

const CURRENT = `shell-${VERSION}`;
const COPIES = "chats-of-";
const [OFFLINE] = SHELL;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== location.origin) return;
  const { method, mode } = event.request;
  if (method !== "GET") event.waitUntil(posted(pathname));
  // Who is asked to log in is signed out, by whatever way.
  else if (pathname === "/accounts/login/") event.waitUntil(forget());
  else if (mode === "navigate" && isOurs(pathname)) event.respondWith(page(event));
  else if (SHELL.includes(pathname)) event.respondWith(part(event.request));
});

async function install() {
  const cache = await caches.open(CURRENT);
  await cache.addAll(SHELL.map((address) => new Request(address, { cache: "no-cache" })));
  await skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== CURRENT);
  await Promise.all(old.map((name) => caches.delete(name)));
  // The page is asked for while the worker still wakes up.
  await registration.navigationPreload?.enable();
  await clients.claim();
}

// The others, such as the admin's, have nothing to show without the site.
function isOurs(pathname) {
  return pathname === "/" || pathname.startsWith("/c/") || pathname.startsWith("/offline/");
}

async function page({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch (failure) {
    return (await kept(OFFLINE)) ?? Promise.reject(failure);
  }
}

async function part(request) {
  try {
    return await fetch(request);
  } catch (failure) {
    return (await kept(request.url)) ?? Promise.reject(failure);
  }
}

async function kept(address) {
  const cache = await caches.open(CURRENT);
  return cache.match(address, { ignoreVary: true });
}

// Seen on their way, and left to the browser.
async function posted(pathname) {
  if (pathname === "/accounts/logout/") return forget();
  const [, deleted] = /^(\/c\/[0-9a-f-]{36}\/)delete\/$/.exec(pathname) ?? [];
  if (deleted) await forEachCopies(async (name) => (await caches.open(name)).delete(deleted));
}

function forget() {
  return forEachCopies((name) => caches.delete(name));
}

async function forEachCopies(act) {
  const names = (await caches.keys()).filter((name) => name.startsWith(COPIES));
  await Promise.all(names.map(act));
}
