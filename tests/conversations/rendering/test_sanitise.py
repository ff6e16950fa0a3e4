import time
from collections.abc import Callable

import pytest

from conversations.rendering import sanitise
from conversations.rendering.live import LiveDocument
from conversations.rendering.markdown import render
from tests.conversations.rendering.dom import Element
from tests.conversations.rendering.payloads import PAYLOADS
from tests.conversations.rendering.rules import violations
from tests.extent import IS_FULL, bound

# The inputs of cmark's tests for quadratic and deep parsing, some of the GFM extensions', and
# some against the steps after the parser; {n} is 1 and 4 times their size.
PATHOLOGICAL: dict[str, Callable[[int], str]] = {
    "strong in emphasis": lambda n: "*a **a " * 65_000 * n + "b" + " a** a*" * 65_000 * n,
    "emphasis closers": lambda n: "a_ " * 65_000 * n,
    "emphasis openers": lambda n: "_a " * 65_000 * n,
    "link closers": lambda n: "a]" * 65_000 * n,
    "link openers": lambda n: "[a" * 65_000 * n,
    "mismatched": lambda n: "*a_ " * 50_000 * n,
    "issue 389": lambda n: "*a " * 20_000 * n + "_a*_ " * 20_000 * n,
    "multiples of three": lambda n: "a**b" + "c* " * 50_000 * n,
    "links and emphasis": lambda n: "[ a_" * 10_000 * n,
    "bracket pattern": lambda n: "[ (](" * 80_000 * n,
    "image pattern": lambda n: "![[]()" * 160_000 * n,
    "nested brackets": lambda n: "[" * 50_000 * n + "a" + "]" * 50_000 * n,
    "nested quotes": lambda n: "> " * 50_000 * n + "a",
    "nested lists": lambda n: "".join("  " * x + "* a\n" for x in range(1_000 * n)),
    "nulls": lambda n: "abc\x00" * 25_000 * n,
    "backticks": lambda n: "".join("e" + "`" * x for x in range(1, 1_250 * n)),
    "unclosed addresses": lambda n: "[a](<b" * 30_000 * n,
    "unclosed links": lambda n: "[a](b" * 30_000 * n,
    "unclosed comments": lambda n: "</" + "<!--" * 75_000 * n,
    "unclosed instructions": lambda n: "a <?" * 50_000 * n,
    "unclosed cdata": lambda n: "a <![CDATA[" * 50_000 * n,
    "empty lines in lists": lambda n: "- " * 30_000 * n + "x" + "\n" * 30_000 * n,
    "emphasis in quotes": lambda n: ">" * 100_000 * n + "a*" * 100_000 * n,
    "reference definitions": lambda n: "".join(f"[a{x}]: /u\n" for x in range(30_000 * n)),
    "references": lambda n: "[a]: /u\n\n" + "[a]" * 50_000 * n,
    "wide table": lambda n: "|" + "a|" * 5_000 * n + "\n|" + "-|" * 5_000 * n + "\n|\n" * 500 * n,
    "nested images": lambda n: "![a " * 20_000 * n + "](b)" * 20_000 * n,
    "nested strikes": lambda n: "~~a " * 50_000 * n + "b" + " a~~" * 50_000 * n,
    "addresses": lambda n: "http://" * 50_000 * n,
    "mail addresses": lambda n: "a@b." * 50_000 * n,
    "address with brackets": lambda n: "http://a.b" + "(" * 50_000 * n,
    "many links": lambda n: "[a](http://b) " * 10_000 * n,
    "many quotes": lambda n: (">" * 60 + "a\n\n") * 2_000 * n,
    "many fences": lambda n: "```python\nx\n```\n" * 7_000 * n,
    "much code": lambda n: ("```python\n" + "x = [1]\n" * 4_000 + "```\n") * 4 * n,
    "break tags": lambda n: "<br>" * 35_000 * n,
    "many formulas": lambda n: "$x_1$ and " * 15_000 * n,
    "long formulas": lambda n: ("$" + "a'_b " * 750 + "$ ") * 30 * n,
    "a table of formulas": lambda n: (
        ("$$\\begin{align}" + "a&b\\\\" * 200 + "\\end{align}$$ ") * 30 * n
    ),
    "deep formulas": lambda n: ("$" + "{" * 900 + "}" * 900 + "$ ") * 40 * n,
    "macros": lambda n: ("$\\def\\a{\\a\\a}\\a$ ") * 10_000 * n,
    "dollars": lambda n: "$" * 100_000 * n,
    "open formulas": lambda n: "\\(x " * 50_000 * n + "\\[x " * 50_000 * n,
    "open dollars": lambda n: "$x " * 50_000 * n + "$$x " * 50_000 * n,
    "one open formula less": lambda n: "\\(x " * 1_999 + "x" * 140_000 * n,
    "footnotes": lambda n: "".join(f"[^{x}]: a[^{x}]\n" for x in range(900)) * 10 * n,
    "footnote marks": lambda n: "[^1" * 50_000 * n + "[^1]:" * 50_000 * n,
}


CASES = [
    pytest.param(make, times, id=f"{name} x{times}")
    for name, make in PATHOLOGICAL.items()
    for times in (1, 4)
]


LARGE = [case for case in CASES if case.values[1] == 4]


@pytest.mark.parametrize(("make", "times"), CASES)
def test_no_text_takes_a_second(make: Callable[[int], str], times: int) -> None:
    text = make(times)
    started = time.thread_time()
    render(text)
    assert time.thread_time() - started < bound(1)


@pytest.mark.parametrize(("make", "times"), CASES if IS_FULL else LARGE)
def test_no_streamed_text_takes_a_second_in_one_step(
    make: Callable[[int], str], times: int
) -> None:
    text, document, slowest = make(times), LiveDocument(), 0.0
    step = len(text) // 8 + 1
    for start in range(0, len(text), step):
        document.append(text[start : start + step])
        started = time.thread_time()
        document.advance()
        slowest = max(slowest, time.thread_time() - started)
    assert slowest < bound(1)


@pytest.mark.parametrize("opening", ["> ", "- ", "*a **b "], ids=["quote", "list", "emphasis"])
def test_deep_nesting_is_shown_as_plain_text(opening: str) -> None:
    text = opening * 60 + "x" + "".join(" b** a*" for _ in range(60) if "*" in opening)
    page = Element.parse(render(text))
    assert page.depth() <= sanitise.MAX_DEPTH + 1
    assert page.text().strip() == text.strip()


def test_a_block_over_a_cap_leaves_the_others_alone() -> None:
    html = render("**a**\n\n" + "> " * 60 + "x\n\n**b**")
    assert html.count("<strong>") == 2
    assert '<pre class="plain">' in html


def test_too_long_a_text_is_shown_plain_and_whole() -> None:
    text = "**a** <br>" * (sanitise.MAX_TEXT // 10 + 1)
    assert Element.parse(render(text)).text() == text + "\n"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_sanitising_twice_changes_nothing(payload: str) -> None:
    html = render(payload)
    assert sanitise.clean(html) == html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_forbidden_gets_through_without_the_parser_either(payload: str) -> None:
    linkless = payload.replace("<a ", "<b ")
    assert violations(sanitise.clean(linkless)) == []


def test_text_is_inserted_before_the_closing_tags() -> None:
    html = sanitise.clean("<ul>\n<li>a</li>\n</ul>\n")
    assert sanitise.insert_text(html, " <b>") == "<ul>\n<li>a &lt;b&gt;</li>\n</ul>\n"
