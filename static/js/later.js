// What can wait until the page is there and at rest.

addEventListener("load", () => setTimeout(() => import("./device.js").catch(() => {}), 500));
