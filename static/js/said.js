// What was said in a chat that the server does not have: for each turn the ids of its question and
// its answer, as they stand on the page, and the texts of both.

export class Said {
  #turns = [];

  get isEmpty() {
    return !this.#turns.length;
  }

  // Of an answer on the page; one more than there are for none.
  placeOf(answer) {
    const place = this.#turns.findIndex(({ id }) => answer?.id === `m-${id}`);
    return place < 0 ? this.#turns.length : place;
  }

  at(place) {
    return this.#turns[place];
  }

  put(place, turn) {
    this.#turns[place] = turn;
  }

  // As the service is to be told it.
  before(place) {
    return this.#turns.slice(0, place).flatMap(({ question, answer }) => [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ]);
  }

  // As it is to be kept: with what the page shows besides.
  whole() {
    return this.#turns.flatMap(({ id, question, answer }) => [
      { role: "user", content: question },
      { role: "assistant", content: answer, ...shownOf(document.getElementById(`m-${id}`)) },
    ]);
  }

  // Of a message on the page.
  textOf({ id }) {
    const asked = this.#turns.find(({ sent }) => id === `m-${sent}`);
    return asked?.question ?? this.at(this.#turns.findIndex((turn) => id === `m-${turn.id}`))?.answer;
  }
}

function shownOf(article) {
  const text = (selector) => article.querySelector(selector)?.textContent;
  return { reasoning: text(".reasoning > .text"), model: text(".model"), state: article.dataset.state };
}
