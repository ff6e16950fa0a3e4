// A saved prompt, shown over the message box: its gaps are fields, and its text has a slot for each.

// A part of the page; null where there was no answer.
export async function answerOf(url) {
  try {
    const response = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "error" });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

// As high as there is room: right over the message box, or in its place where there is something
// else to write.
export function lay(place, html) {
  place.innerHTML = html;
  place.hidden = false;
  const [dock, box] = [place.parentElement, place.nextElementSibling].map((it) => it.getBoundingClientRect());
  const edge = place.querySelector("form") ? box.bottom : box.top - 8;
  place.style.insetBlockEnd = `${dock.bottom - edge}px`;
  place.style.maxBlockSize = `${Math.max(edge - 56, 160)}px`;
}

// Resolves with the whole text: at once where it has no gap, else once they are filled in; null
// where the reader gives it up.
export function filled(place) {
  const form = place.querySelector("form");
  const field = form.querySelector("textarea");
  if (!field) return textOf(form);
  field.focus();
  return new Promise((resolve) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      resolve(textOf(form));
    });
    form.querySelector(".cancel").addEventListener("click", () => resolve(null));
    form.addEventListener("keydown", (event) => pressed(event, () => resolve(null)));
  });
}

// As in the message box: Enter is done, Shift+Enter a new line, and neither while composing.
function pressed(event, giveUp) {
  const { target, key, shiftKey, isComposing, keyCode } = event;
  if (isComposing || keyCode === 229) return;
  if (key === "Escape") giveUp();
  else if (key === "Enter" && !shiftKey && target.matches("textarea")) target.form.requestSubmit();
  else return;
  event.preventDefault();
}

function textOf(form) {
  const { content } = form.querySelector("template");
  for (const slot of content.querySelectorAll("slot")) slot.replaceWith(form.elements[slot.name].value);
  return content.textContent;
}
