"""Markdown to render: answers as models write them, the spec's examples, and odd mixtures."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

_TEXT = """the queue keeps one worker per shard, and steals from the longest; it's (mostly) idle:
don't retry “fast” paths at 3.5 ms - see a/b tests! 50% of users@home wait? tail-latency e.g. i.e.
⟦0@17⟧ ⟦12@1700000000⟧ café naïve Größe 流式输出 服务器端。 数据库，连接池 “引用”后 ok"""
_WORDS = _TEXT.split()
_MARKED = (
    "**bold text**", "*emphasis*", "`inline code`", "[a link](https://example.com/a?b=1&c=2)",
    "~~gone~~", "https://example.org/x", "www.example.net", "mail me@example.com now",
    "**中文。**后", "[1]", "a < b", "AT&T", "5 * 3", "snake_case_name", "[x][ref]",
    "![chart](https://h.test/c.png)", "line<br>break", "\\*literal\\*", "$x_1$",
    "[rel](#section-1)", "C# and F#", "`a|b`", r"\(n^2\)", "a note[^1]", "$5 or $6",
    r"$$\frac{a}{b}$$", "设$n$为", "[^2]: what",
)  # fmt: skip
_CODE = (
    ("python", "def f(x):\n    # a comment\n\n    return x * 2  # ``` not a fence\n"),
    ("js", "const a = `template ${b}`;\nconsole.log(a && '<b>');\n"),
    ("", "plain | text\n  indented\n"),
    ("mermaid", "graph TD;\n  A-->B;\n"),
)
TOKENS = (
    "foo", "foo bar", "a", "b ", "1", "2.", " - ", "- ", "1. ", "\n", "\n\n", " ", "  ", "    ",
    "> ", "# ", "```", "~~~", "`", "*", "**", "_", "~", "[", "]", "](", "(", ")", "]: ",
    "[a]: /u", "[a]", "<", "</", "div", ">", "<div>", "<!-- ", " -->", "|", "| a | b |\n",
    "|--|--|\n", "|-|\n", "c | d", "&amp;", "&", "&lt", ";", "www.", "http:", "//", "@", "a.b",
    "a@b.co", ".com", "!", "![", "\\", "中文", "“引用”", "。", "===", "---", "\t", "$", "#", "'",
    '"', "\u00a0", "\ufe0f", "\u3000", "- [ ] ", "- [x] ", "[x", "- a\n- b", "\r\n", "\r",
    "x=1", ":", "⟦1@17⟧", "\n```\n", "+ ", ". ", "\n```py\nx\n```\n", "$$", "$x", "x$ ",
    "\\(", "\\)", "\\[", "\\]", "[^1]", "[^1]: ", "^",
    "\n$$\n", "\n[^n1]:", "\ufdd0", "\u0000", "\ud800",
)  # fmt: skip


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def spec_examples() -> list[str]:
    path = Path(__file__).with_name("commonmark.json")
    return [example["markdown"] for example in json.loads(path.read_text("utf-8"))]


def spec_mixtures(count: int, seed: int) -> Iterator[list[str]]:
    """Some examples after one another, in pieces of 1 to 12 characters."""
    random, examples = seeded(seed), spec_examples()
    for _ in range(count):
        chosen = random.choices(examples, k=random.randint(2, 8))
        yield list(pieces("\n".join(chosen), random, 12))


def pieces(text: str, random: Random, longest: int) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + random.randint(1, longest)
        yield text[start:end]
        start = end


def answer(size: int, seed: int = 7) -> str:
    """A mixed document of at least `size` characters."""
    random, parts, length = seeded(seed), ["# A long answer\n\n"], 0
    while length < size:
        parts.append(random.choice(_BLOCKS)(random))
        length += len(parts[-1])
    return "".join(parts)


def prose(size: int, seed: int = 7) -> str:
    random = seeded(seed)
    words = [w for w in _WORDS if w.isalpha() and w.isascii()]
    return " ".join(random.choices(words, k=size // 5))[:size]


def long_list(size: int) -> str:
    return "".join(f"- item {n} of the list\n" for n in range(size // 22))


def long_fence(size: int) -> str:
    return "```python\n" + "".join(f"value = compute({n})\n" for n in range(size // 20)) + "```\n"


def _line(random: Random, longest: int = 30) -> str:
    words = random.choices(_WORDS, k=random.randint(3, longest))
    for _ in range(random.randint(0, 3)):
        words.insert(random.randrange(len(words)), random.choice(_MARKED))
    return " ".join(words)


def _formula(random: Random) -> str:
    opening, closing = random.choice((("$$", "$$"), (r"\[", r"\]")))
    return f"{opening}\nx_{random.randrange(9)} = \\sum_i i\n{closing}\n\n"


def _notes(random: Random) -> str:
    return "".join(f"[^{n}]: {_line(random, 6)}\n" for n in range(1, random.randint(2, 4))) + "\n"


def _prose(random: Random) -> str:
    heading = random.choice(("", "", "## Section 2.1 of it\n\n", "Setext heading\n---\n"))
    return heading + _line(random, 60) + random.choice((".", "  \nhard break", "\nsoft")) + "\n\n"


def _list(random: Random) -> str:
    marks = random.choice((("- ",) * 5, [f"{n}. " for n in range(1, 6)], ("- [ ] ", "- [x] ")))
    items = [mark + _line(random, 12) + "\n" for mark in marks]
    items[1:1] = random.choice(
        ([], ["   - nested item\n"], ["\n"], ["   ```py\n   x = 1\n   ```\n"])
    )
    return "".join(items) + "\n"


def _table(random: Random) -> str:
    rows = [f"| {_line(random, 4)} | {random.randrange(99)} | {_line(random, 5)} |\n"] * 3
    return "| Setting | Default | 说明 |\n| --- | ---: | :-: |\n" + "".join(rows) + "\n"


def _fence(random: Random) -> str:
    language, code = random.choice(_CODE)
    return f"```{language}\n{code}```\n\n"


def _quote(random: Random) -> str:
    return f"> {_line(random, 20)}\n> {_line(random, 5)}\nlazy end\n\n"


_BLOCKS = (_prose, _prose, _prose, _list, _list, _table, _fence, _quote, _formula, _notes)
