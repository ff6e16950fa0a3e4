// What a chat has only once there is a message in it.

function load() {
  if (!document.querySelector("#messages > article")) return;
  removeEventListener("htmx:after:swap", load);
  for (const part of [import("./edit.js"), import("./queue.js")]) part.catch(() => {});
}

addEventListener("htmx:after:swap", load);
load();
