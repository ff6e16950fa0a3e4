// Put into every page before its own scripts: when one can type, how long tasks were, and which
// of the stamped chunks were in the document when. Times are those of performance.now().
globalThis.probe = (() => {
  const TURN = 2 ** 24;
  const longTasks = [];
  const seen = []; // [the newest stamp in the document, when]

  const observer = new PerformanceObserver((list) => longTasks.push(...list.getEntries()));
  observer.observe({ type: "longtask", buffered: true });

  const working = customElements.whenDefined("chat-composer").then(() => performance.now());
  const usableInput = when(() => isUsable(document.querySelector("textarea[name=text]")));

  function when(isSo) {
    return new Promise((resolve) => {
      const look = () => (isSo() ? resolve(performance.now()) : requestAnimationFrame(look));
      look();
    });
  }

  function isUsable(input) {
    return Boolean(input) && !input.disabled && input.checkVisibility() && input.clientWidth > 20;
  }

  // The first task after the next frame: by then it has been drawn.
  function drawn() {
    return new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(0);
      });
    });
  }

  async function elementDrawn(id) {
    await when(() => document.getElementById(id));
    return drawn();
  }

  // Only what a change touched is read: the whole text each time would cost more than the page.
  function watch() {
    const notice = (records) => {
      const at = performance.now();
      for (const record of records) {
        if (record.type === "characterData") note(record.target.data, at);
        for (const node of record.addedNodes) note(node.textContent, at);
      }
    };
    const everything = { subtree: true, childList: true, characterData: true };
    new MutationObserver(notice).observe(document.body, everything);
  }

  function note(text, at) {
    const end = text.lastIndexOf("⟧");
    if (end < 7 || text[end - 7] !== "⟦") return;
    const stamp = parseInt(text.slice(end - 6, end), 16);
    if (!seen.length || isLater(stamp, seen.at(-1)[0])) seen.push([stamp, at]);
  }

  function isLater(stamp, other) {
    const ahead = (stamp - other + TURN) % TURN;
    return ahead > 0 && ahead < TURN / 2;
  }

  function shown(stamp) {
    return when(() => seen.length && !isLater(stamp, seen.at(-1)[0]));
  }

  function longest(since) {
    return Math.max(0, ...longTasks.filter((t) => t.startTime >= since).map((t) => t.duration));
  }

  return { usableInput, working, elementDrawn, watch, shown, seen, longest };
})();
