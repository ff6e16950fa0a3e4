// An answer that ended while nobody looked is marked in the list. Whoever looks at its chat takes the
// mark off: when the answer ends, or when the page comes into view after that.

import { token } from "./token.js";

let isUnseen = false;

document.addEventListener("chat:end", () => {
  isUnseen = true;
  look();
});
document.addEventListener("visibilitychange", look);

async function look() {
  const { id } = document.getElementById("chat-header").dataset;
  if (!isUnseen || document.hidden || !id) return;
  isUnseen = false;
  // If this fails the mark stays, which the next look at the chat takes off.
  await fetch(`/c/${id}/seen/`, { method: "POST", headers: token(), keepalive: true }).catch(() => {});
}
