// The header may be replaced while something is open or typed in it: that stays.

export function holdHeader() {
  const header = document.getElementById("chat-header");
  const isRenaming = header.querySelector("details")?.open;
  const isInstructing = header.querySelector("#system").matches(":popover-open");
  const typed = fieldsOf(header).filter((field) => field.value !== field.defaultValue);
  const focused = fieldsOf(header).find((field) => field === document.activeElement);
  return () => {
    const renewed = document.getElementById("chat-header");
    if (renewed === header) return;
    renewed.querySelector("details").toggleAttribute("open", Boolean(isRenaming));
    if (isInstructing) renewed.querySelector("#system").showPopover();
    for (const field of fieldsOf(renewed)) {
      const same = (other) => other?.name === field.name;
      const before = typed.find(same);
      if (before) field.value = before.value;
      if (!same(focused)) continue;
      field.focus({ preventScroll: true });
      field.setSelectionRange(focused.selectionStart, focused.selectionEnd);
    }
  };
}

function fieldsOf(header) {
  return [...header.querySelectorAll("input[name=title], textarea[name=system_prompt]")];
}
