"""What axe finds wrong with a page, in each of its looks."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BY_TAGS = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Dark is another set of colours of the same elements: the rules about these are asked once more.
LOOKS = (("light", 390, BY_TAGS), ("light", 1440, BY_TAGS), ("dark", 1440, COLOURS))
#: Seven to one for text.
ENHANCED = {"type": "rule", "values": ["color-contrast-enhanced"]}
RUN = """async ([scope, rules]) => {
  // A colour on its way to another is none of the page's.
  await new Promise(requestAnimationFrame);
  for (const moving of document.getAnimations()) {
    if (moving instanceof CSSTransition) moving.finish();
  }
  const { violations } = await axe.run(scope ?? document, {
    runOnly: rules,
    resultTypes: ["violations"],
    // The frame of a diagram has no origin: nobody can look into it.
    iframes: false,
    // Only for a rule about turned screens; it asks for each stylesheet again, against the policy.
    preload: false,
  });
  return violations;
}"""


async def offences(page: Page, scope: str | None = None) -> list[str]:
    """A line for each rule and element, in each look; `scope` is a selector of the part that is
    looked at."""
    await page.evaluate(AXE_SCRIPT)
    found = []
    for scheme, width, rules in LOOKS:
        await _look(page, scheme)
        await page.set_viewport_size({"width": width, "height": 900})
        lines = await _found(page, [scope, rules])
        found += [f"{scheme}, {width} px: {line}" for line in lines]
    return found


async def faint(page: Page) -> list[str]:
    """What has too little contrast for whoever asks for more."""
    await page.evaluate(AXE_SCRIPT)
    found = []
    for scheme in ("light", "dark"):
        await _look(page, scheme, contrast="more")
        found += [f"{scheme}: {line}" for line in await _found(page, [None, ENHANCED])]
    return found


async def _look(page: Page, scheme: Any, contrast: Any = "no-preference") -> None:
    await page.emulate_media(color_scheme=scheme, contrast=contrast, reduced_motion="reduce")


async def _found(page: Page, asked: list[Any]) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for violation in await page.evaluate(RUN, asked)
        for node in violation["nodes"]
    ]
