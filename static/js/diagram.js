// A diagram beside its code, drawn in a frame that has not the site's origin. Loaded when somebody
// asks for one.

const HIGHEST_PX = 4000;
const PATIENCE_MS = 15_000;

const system = matchMedia("(prefers-color-scheme: dark)");
system.addEventListener("change", recolour);
document.addEventListener("chat:theme", recolour);

export function draw(figure, { address, title }) {
  const frame = document.createElement("iframe");
  // Without "allow-same-origin": the site's answer says so too, for whoever opens it elsewhere.
  frame.setAttribute("sandbox", "allow-scripts");
  Object.assign(frame, { className: "diagram", src: address, title });
  const text = figure.querySelector("pre").textContent;
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const { signal } = listening;
    const end = (settle, value) => {
      listening.abort();
      clearTimeout(timer);
      settle(value);
    };
    const fail = () => {
      frame.remove();
      end(reject, new Error("No diagram"));
    };
    const timer = setTimeout(fail, PATIENCE_MS);
    const came = ({ source, data }) => {
      if (source !== frame.contentWindow) return;
      if (data?.ready) source.postMessage({ text, isDark: isDark() }, "*");
      else if (Number.isFinite(data?.height)) end(resolve, place(frame, data.height));
      else fail();
    };
    addEventListener("message", came, { signal });
    figure.append(frame);
  });
}

function place(frame, height) {
  frame.height = Math.min(Math.max(Math.ceil(height), 40), HIGHEST_PX);
  return frame;
}

// A frame of another origin knows what the system has, and not what was chosen on the page.
function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === "system" ? system.matches : theme === "dark";
}

function recolour() {
  for (const frame of document.querySelectorAll("iframe.diagram")) {
    frame.contentWindow.postMessage({ isDark: isDark() }, "*");
  }
}
