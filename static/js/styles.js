// A stylesheet that came with a part of the page stays when that part is swapped: it would not be
// there at once with the next one.

addEventListener(
  "load",
  ({ target }) => {
    if (!target.matches?.("body link[rel=stylesheet]")) return;
    const isKept = [...document.head.querySelectorAll("link")].some(({ href }) => href === target.href);
    if (!isKept) document.head.append(target.cloneNode());
  },
  true,
);
