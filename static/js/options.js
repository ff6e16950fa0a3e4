// Options to pick from while the focus stays in a field, which tells which of them is meant.

export class Options {
  #field;
  #place;

  constructor(field, place) {
    this.#field = field;
    this.#place = place;
  }

  get all() {
    return [...this.#place.querySelectorAll(".option")];
  }

  get active() {
    return this.#place.querySelector(".option[aria-selected=true]");
  }

  mark(option) {
    if (!option) return;
    this.active?.removeAttribute("aria-selected");
    option.setAttribute("aria-selected", true);
    this.#field.setAttribute("aria-controls", option.parentElement.id);
    this.#field.setAttribute("aria-activedescendant", option.id);
  }

  // Round and round.
  step(by) {
    const place = this.all.indexOf(this.active) + by;
    this.mark(this.all.at(place % this.all.length));
    this.active.scrollIntoView({ block: "nearest" });
  }

  forget() {
    for (const name of ["aria-controls", "aria-activedescendant"]) this.#field.removeAttribute(name);
  }
}
