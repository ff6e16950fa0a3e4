// A slash at the beginning of the message box asks for the saved prompts, also as the input methods
// for Chinese write it. What lists them is loaded then.

const ASKS = /^[/／、]/;
let isLoaded = false;
let loading;

addEventListener("input", ({ target }) => {
  if (target.id !== "text" || isLoaded || !ASKS.test(target.value)) return;
  loading ??= import("./prompts.js").then(
    () => (isLoaded = true),
    () => (loading = undefined),
  );
});

// Whoever presses Enter before that waits for the list, and sends no name of a prompt.
addEventListener(
  "keydown",
  (event) => {
    const { target } = event;
    if (isLoaded || !loading || target.id !== "text" || event.key !== "Enter") return;
    if (event.shiftKey || event.altKey || event.isComposing || event.keyCode === 229) return;
    if (!ASKS.test(target.value)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat) return;
    loading.then(() => target.dispatchEvent(new KeyboardEvent("keydown", event)));
  },
  true,
);
