// A slash at the beginning of the message box asks for the saved prompts, also as the input methods
// for Chinese write it. What lists them is loaded then.

addEventListener("input", ({ target }) => {
  if (target.id === "text" && /^[/／、]/.test(target.value)) import("./prompts.js").catch(() => {});
});
