// The key or combination of an event, as preferences/keys.py names it; "" for what belongs to an
// input method, or to the other system's modifier.

export function combination(event, isMac) {
  if (event.isComposing || event.keyCode === 229) return "";
  // On Windows, what is typed with AltGr comes with Ctrl and Alt.
  const isGraph = event.getModifierState("AltGraph");
  const [mod, foreign] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (foreign && !isGraph) return "";
  const alt = event.altKey && !isGraph;
  const key = nameOf(event, alt);
  const isCharacter = [...key].length === 1;
  const shift = event.shiftKey && !(isCharacter && key === key.toUpperCase());
  const held = [mod && !isGraph && "Mod", alt && "Alt", shift && "Shift"];
  return [...held.filter(Boolean), key].join("+");
}

// Of letters the place on the keyboard counts where another alphabet is set, or Alt makes signs.
function nameOf({ key, code }, alt) {
  const letter = /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
  if (letter && (alt || !/^[ -~]$/.test(key))) return letter;
  return key.length === 1 ? key.toLowerCase() : key;
}
