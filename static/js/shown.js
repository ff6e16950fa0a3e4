// What this page shows, as the server put it into the elements: see heads.py.

export const GONE = "gone";
// In place of the run of an answer that is on its way.
const FOLLOWED = "-";
const MOST_SHOWN = 40;

export function conversation() {
  return document.getElementById("chat-header").dataset.id;
}

export function shownHead() {
  if (document.querySelector("#chat-gone > *")) return GONE;
  const { stamp } = document.getElementById("chat-header").dataset;
  const last = [...document.querySelectorAll("#messages chat-answer")].at(-1);
  const run = last?.querySelector("chat-foot").dataset.run;
  return [stamp, chosenModel(), last?.dataset.id ?? "", run ?? ""].join("/");
}

export function chosenModel() {
  return document.getElementById("shown").dataset.model;
}

// An answer that this page is being sent has its end sent too, and only then is there more.
export function isOnItsWay(told) {
  const followed = document.querySelector("#messages [aria-busy] chat-answer");
  if (!followed || told === GONE) return false;
  const [stamp, model, leaf] = told.split("/");
  const [shownStamp, shownModel] = shownHead().split("/");
  return leaf !== followed.dataset.id || (stamp === shownStamp && model === shownModel);
}

// The last messages, each with the run that its foot tells of.
export function shownTurns() {
  const articles = [...document.querySelectorAll("#messages > article")].slice(-MOST_SHOWN);
  const each = articles.map((article) => {
    const run = article.hasAttribute("aria-busy")
      ? FOLLOWED
      : (article.querySelector("chat-foot")?.dataset.run ?? "");
    return `${article.id.slice(2)}:${run}`;
  });
  const { stamp } = document.getElementById("chat-header").dataset;
  return new URLSearchParams({ shown: each.join(), stamp });
}
