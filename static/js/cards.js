// On a phone a row of a list is a card (css/desk-cards.css): each cell then says what it is about, in
// the words of its column, and a cell without anything is left out.

for (const table of document.querySelectorAll(".results > table")) label(table);

function label(table) {
  const names = [...table.tHead.rows[0].cells].map((head) => head.querySelector(".text")?.textContent.trim());
  for (const cell of table.querySelectorAll("tbody td")) {
    const name = names[cell.cellIndex];
    if (name && !cell.matches(".action-checkbox")) cell.dataset.label = name;
    cell.toggleAttribute("data-empty", ["-", "–"].includes(cell.textContent.trim()) && !cell.querySelector("input"));
  }
  table.toggleAttribute("data-cards", true);
}
