// Some browsers lay their keyboard over the page and tell only by the part that can still be seen.
// What stands at the bottom is then lifted by as much (css/touch.css).

// Less is a bar of the browser that comes and goes with scrolling.
const LEAST_PX = 100;
const { documentElement: page } = document;
const seen = window.visualViewport;

function measure() {
  // Zoomed in with two fingers, there is less to be seen as well.
  const isZoomed = Math.abs(seen.scale - 1) > 0.01;
  const covered = isZoomed ? 0 : innerHeight - seen.height - seen.offsetTop;
  const isThere = covered > LEAST_PX;
  page.toggleAttribute("data-keyboard", isThere);
  page.style.setProperty("--keyboard", isThere ? `${Math.round(covered)}px` : "0px");
}

seen?.addEventListener("resize", measure);
seen?.addEventListener("scroll", measure);
