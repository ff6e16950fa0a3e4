"""What axe finds wrong with a page, in each of its looks."""

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = ("light", "dark")
WIDTHS = (390, 1440)
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations"],
    # The frame of a diagram has no origin: nobody can look into it.
    "iframes": False,
    # Only for a rule about turned screens; it asks for each stylesheet again, against the policy.
    "preload": False,
}
RUN = f"scope => axe.run(scope ?? document, {json.dumps(OPTIONS)}).then(found => found.violations)"


async def offences(page: Page, scope: str | None = None) -> list[str]:
    """A line for each rule and element, in light and dark, narrow and wide; `scope` is a selector
    of the part that is looked at."""
    await page.evaluate(AXE_SCRIPT)
    return [
        line
        for scheme in SCHEMES
        for width in WIDTHS
        for line in await _looked_at(page, scheme, width, scope)
    ]


async def _looked_at(page: Page, scheme: Any, width: int, scope: str | None) -> list[str]:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": width, "height": 900})
    found = await page.evaluate(RUN, scope)
    return [f"{scheme}, {width} px: {line}" for violation in found for line in _lines(violation)]


def _lines(violation: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for node in violation["nodes"]
    ]
