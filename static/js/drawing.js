// Inside the sandboxed frame: draws the one text that the page around it sends, in that page's
// theme, and says how high the drawing is. Whatever the text makes the library do, it can reach
// nothing from here.

const LONGEST = 50_000;
let text = "";

addEventListener("message", async ({ source, data }) => {
  if (source !== parent) return;
  text = data.text ?? text;
  // In another scheme than the frame's the browser would put a ground of its own behind it.
  document.documentElement.style.colorScheme = data.isDark ? "dark" : "light";
  try {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      theme: data.isDark ? "dark" : "neutral",
      fontFamily: "system-ui, sans-serif",
      maxTextSize: LONGEST,
    });
    const { svg } = await mermaid.render("diagram", text);
    document.body.innerHTML = svg;
    tell({ height: document.documentElement.scrollHeight });
  } catch {
    tell({ failed: true });
  }
});

// This page has no origin to name, and the page around it says no secrets.
function tell(what) {
  parent.postMessage(what, "*");
}

tell({ ready: true });
