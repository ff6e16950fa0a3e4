// What is selected in the block that is being written stays selected when that block is rendered
// again: its place is kept as a count of characters and found again in the new elements.

let held = null;

document.addEventListener("htmx:before:swap", ({ target }) => {
  if (isStream(target)) held = hold(getSelection());
});

document.addEventListener("htmx:after:swap", ({ target }) => {
  if (isStream(target) && held) restore(getSelection(), held);
});

function isStream(target) {
  return target instanceof Element && target.matches("chat-stream, chat-temporary");
}

function hold(selection) {
  if (selection.isCollapsed) return null;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  const tail = tailOf(anchorNode) ?? tailOf(focusNode);
  if (!tail) return null;
  const done = tail.previousElementSibling;
  return {
    tail,
    done,
    last: done.lastChild,
    words: selection.getRangeAt(0).toString(),
    ends: [place(tail, anchorNode, anchorOffset), place(tail, focusNode, focusOffset)],
  };
}

function tailOf(node) {
  return (node instanceof Element ? node : node?.parentElement)?.closest(".tail");
}

// An end outside the block stays as it is.
function place(tail, node, offset) {
  if (!tail.contains(node)) return { node, offset };
  const before = document.createRange();
  before.setStart(tail, 0);
  before.setEnd(node, offset);
  return { count: before.toString().length };
}

function restore(selection, { tail, done, last, words, ends }) {
  if (!tail.isConnected || (last && last.parentNode !== done)) return;
  // What was finished meanwhile stands at the end of the other part.
  const texts = [...textsIn(done, last), ...textsIn(tail, null)];
  const [anchor, focus] = ends.map((end) => (end.node ? end : find(texts, end.count)));
  if (!anchor?.node.isConnected || !focus?.node.isConnected) return;
  const before = selection.rangeCount ? selection.getRangeAt(0).cloneRange() : null;
  selection.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
  if (selection.getRangeAt(0).toString() === words) return;
  selection.removeAllRanges();
  if (before) selection.addRange(before);
}

function* textsIn(part, after) {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  if (after) walker.currentNode = lastInside(after);
  while (walker.nextNode()) {
    // A finished block of code has a button that it had not while it was written.
    if (!walker.currentNode.parentElement.closest("chat-code")) yield walker.currentNode;
  }
}

function lastInside(node) {
  return node.lastChild ? lastInside(node.lastChild) : node;
}

function find(texts, count) {
  for (const node of texts) {
    if (count <= node.length) return { node, offset: count };
    count -= node.length;
  }
  return null;
}
