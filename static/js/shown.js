// What this page shows, as the server put it into the elements: see heads.py.

import { holdHeader } from "./header.js";

const GONE = "gone";
// In place of the run of an answer that is on its way.
const FOLLOWED = "-";
const MOST_SHOWN = 40;

export function conversation() {
  return document.getElementById("chat-header").dataset.id;
}

export function shownHead() {
  if (document.querySelector("#chat-gone > *")) return GONE;
  const { stamp } = document.getElementById("chat-header").dataset;
  // A question that was not taken yet has no id; one without an answer has no run.
  const last = [...document.querySelectorAll("#messages > article[data-id]")].at(-1);
  const run = last?.querySelector("chat-foot")?.dataset.run;
  const queue = document.getElementById("queue").dataset.stamp;
  const summaries = document.getElementById("summaries").dataset.stamp;
  return [stamp, chosenModel(), last?.dataset.id ?? "", run ?? "", queue, summaries].join("/");
}

function chosenModel() {
  return document.getElementById("shown").dataset.model;
}

// An answer that this page is being sent has its end sent too, and only then is there more.
export function isOnItsWay(told) {
  const followed = document.querySelector("#messages [aria-busy] chat-answer");
  if (!followed || told === GONE) return false;
  const [stamp, model, leaf, , ...rest] = told.split("/");
  const [shownStamp, shownModel, , , ...shownRest] = shownHead().split("/");
  if (leaf !== followed.dataset.id) return true;
  return stamp === shownStamp && model === shownModel && rest.join() === shownRest.join();
}

// The last messages, each with the run that its foot tells of and the summary below it.
export function shownTurns() {
  const articles = [...document.querySelectorAll("#messages > article")].slice(-MOST_SHOWN);
  const each = articles.map((article) => {
    const run = article.hasAttribute("aria-busy")
      ? FOLLOWED
      : (article.querySelector("chat-foot")?.dataset.run ?? "");
    const summary = run === FOLLOWED ? undefined : article.querySelector(".summary-card");
    return `${article.id.slice(2)}:${run}${summary?.dataset.stamp ?? ""}`;
  });
  const { stamp } = document.getElementById("chat-header").dataset;
  return new URLSearchParams({ shown: each.join(), stamp });
}

// What it lacked.
export async function put(text) {
  const before = chosenModel();
  const restoreHeader = holdHeader();
  const target = document.getElementById("main");
  await htmx.swap({ sourceElement: target, target, swap: "none", text, transition: false });
  restoreHeader();
  pick(before);
  document.dispatchEvent(new Event("chat:caught-up"));
}

// Unless another one than the chat's was picked here.
function pick(before) {
  const picker = document.getElementById("model");
  const now = chosenModel();
  const isThere = [...(picker?.options ?? [])].some((option) => option.value === now);
  if (isThere && now !== before && picker.value === before) picker.value = now;
}
