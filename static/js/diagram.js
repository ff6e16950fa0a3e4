// A diagram beside its code, drawn in a frame that has not the site's origin. Loaded when somebody
// asks for one.

const HIGHEST_PX = 4000;
const PATIENCE_MS = 15_000;

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
      if (data?.ready) source.postMessage({ text }, "*");
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
