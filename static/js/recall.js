// In the empty message box the up arrow brings back the questions of this chat, the last one first.

let recalled = "";

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (target.id !== "text" || event.isComposing || event.keyCode === 229) return;
  // What was changed since is being written, and there the arrows move.
  if (target.value && target.value !== recalled) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  const asked = step && questions();
  if (!asked?.length) return;
  const place = target.value ? asked.indexOf(target.value) : asked.length;
  if (place < 0 || (!target.value && step > 0) || place + step < 0) return;
  event.preventDefault();
  target.value = recalled = asked[place + step] ?? "";
  target.dispatchEvent(new Event("input", { bubbles: true }));
  target.setSelectionRange(target.value.length, target.value.length);
});

// Each once, where it was asked last.
function questions() {
  const texts = [...document.querySelectorAll("#messages .question > .text")].map((it) => it.textContent);
  return texts.filter((text, place) => texts.lastIndexOf(text) === place);
}
