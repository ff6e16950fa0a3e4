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
  const run = last && runs(last, ({ dataset }) => dataset.run ?? "");
  const queue = document.getElementById("queue").dataset.stamp;
  const summaries = document.getElementById("summaries").dataset.stamp;
  return [stamp, chosenModel(), last?.dataset.id ?? "", run ?? "", queue, summaries].join("/");
}

function chosenModel() {
  return document.getElementById("shown").dataset.model;
}

// An answer that this page is being sent has its end sent too. Where the branch ends with another
// one by now, the page has to be told that one.
export function isOnItsWay(told) {
  const followed = [...document.querySelectorAll("#messages [aria-busy] chat-answer")].at(-1);
  if (!followed || told === GONE) return false;
  const [stamp, model, leaf, , ...rest] = told.split("/");
  const [shownStamp, shownModel, , , ...shownRest] = shownHead().split("/");
  if (leaf !== followed.closest("#messages > article").dataset.id) return false;
  return stamp === shownStamp && model === shownModel && rest.join() === shownRest.join();
}

// The last messages, each with the run that its foot tells of and the summary below it.
export function shownTurns() {
  const articles = [...document.querySelectorAll("#messages > article")].slice(-MOST_SHOWN);
  const runOf = (foot) => (foot.closest("[aria-busy]") ? FOLLOWED : (foot.dataset.run ?? ""));
  const each = articles.map((article) => {
    const run = runs(article, runOf);
    const summary = run === FOLLOWED ? "" : article.querySelector(".summary-card")?.dataset.stamp;
    return `${article.id.slice(2)}:${[run, summary].filter(Boolean).join("+")}`;
  });
  const { stamp } = document.getElementById("chat-header").dataset;
  return new URLSearchParams({ shown: each.join(), stamp });
}

// An answer's run, and of a question those of the answers that are compared below it.
function runs(article, runOf) {
  return [...article.querySelectorAll("chat-foot")].map(runOf).join("+");
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
