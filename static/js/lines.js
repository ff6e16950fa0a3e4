// Each line of a block of code as an element of its own, which can have a number. The text stays the
// same, so it is copied and selected as before. Loaded when somebody asks for line numbers.

export function split(code) {
  const lines = [document.createElement("span")];
  for (const node of [...code.childNodes]) take(node, lines);
  if (!lines.at(-1).hasChildNodes()) lines.pop();
  for (const line of lines) line.className = "line";
  code.replaceChildren(...lines);
}

// A colour may reach over several lines, such as that of a comment: each gets a copy of its element.
function take(node, lines) {
  const parts = node.textContent.split(/(?<=\n)/);
  for (const [index, part] of parts.entries()) {
    if (index) lines.push(document.createElement("span"));
    const copy = node.cloneNode(false);
    if (copy instanceof Text) copy.data = part;
    else copy.textContent = part;
    lines.at(-1).append(copy);
  }
  if (parts.at(-1).endsWith("\n")) lines.push(document.createElement("span"));
}
