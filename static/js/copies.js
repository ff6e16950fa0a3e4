// The copies of chats that this browser keeps, for one user at a time and only if that user allows
// it: that a user's cache is there is the permission.

const PREFIX = "chats-of-";
const MOST = 20;

export const isPossible = "serviceWorker" in navigator && "caches" in globalThis;

export function isAllowed(user) {
  return caches.has(PREFIX + user);
}

export function allow(user) {
  return caches.open(PREFIX + user);
}

// All copies, and the permission with them; but those of `user`, if there is one.
export async function forget(user) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.filter((name) => name !== PREFIX + user).map((name) => caches.delete(name)));
}

// The chat at this address as it is now, as the newest of those that are kept; unless `hasLeft` by
// then: to open what a log-out deletes would bring it back, and the permission with it.
export async function keep(user, address, hasLeft) {
  const response = await fetch(`${address}copy/`, { redirect: "error" });
  if (!(await isAllowed(user)) || hasLeft()) return;
  const cache = await caches.open(PREFIX + user);
  if ([401, 404].includes(response.status)) await cache.delete(address);
  if (!response.ok) return;
  await cache.delete(address);
  await cache.put(address, response);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, -MOST).map((request) => cache.delete(request)));
}

// Those that were deleted, here or on another device, go from here too.
export async function tidy(user) {
  const cache = await caches.open(PREFIX + user);
  const ids = (await cache.keys()).map((request) => new URL(request.url).pathname.split("/")[2]);
  if (!ids.length) return;
  const response = await fetch(`/offline/known/?${new URLSearchParams(ids.map((id) => ["id", id]))}`);
  if (!response.ok || response.redirected) return;
  const { known } = await response.json();
  for (const id of ids) if (!known.includes(id)) await cache.delete(`/c/${id}/`);
}

// The newest first: [address, its copy as an element].
export async function all() {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const text = await (await cache.match(request)).text();
      found.unshift([new URL(request.url).pathname, parsed(text)]);
    }
  }
  return found;
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html").querySelector(".copy");
}
