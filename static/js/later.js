// What can wait until the page is there and at rest, and a network with it.

function load() {
  if (navigator.onLine) import("./device.js").catch(() => {});
}

addEventListener("load", () => setTimeout(load, 500));
