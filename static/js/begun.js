// What a chat has only once there is a message in it.

function load() {
  if (!document.querySelector("#messages > article")) return;
  removeEventListener("htmx:after:swap", load);
  const parts = [
    import("./copy.js"),
    import("./edit.js"),
    import("./goes-on.js"),
    import("./queue.js"),
    import("./recall.js"),
    import("./selection.js"),
  ];
  for (const part of parts) part.catch(() => {});
}

addEventListener("htmx:after:swap", load);
load();
