// Inside the sandboxed frame: draws the one text that the page around it sends, and says how high
// the drawing is. Whatever the text makes the library do, it can reach nothing from here.

const LONGEST = 50_000;

addEventListener("message", async ({ source, data }) => {
  if (source !== parent) return;
  try {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "neutral",
      fontFamily: "system-ui, sans-serif",
      maxTextSize: LONGEST,
    });
    const { svg } = await mermaid.render("diagram", data.text);
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
