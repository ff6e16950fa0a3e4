"""A Markdown answer of any length, the same one every time, with a mark where a stamp may stand."""

import random
import re

MARK = "\0"
STAMP_BYTES = len("⟦012345⟧".encode())
# Cut a little after each mark, so that a chunk ends anywhere: in a word, in `**`, in a fence.
CHUNK = re.compile(f"[^{MARK}]*{MARK}[^{MARK}]{{0,5}}|[^{MARK}]+")
SENTENCE = (
    "the answer keeps every detail that a reader needs while it stays short and each part has "
    "one clear purpose so nobody must guess what follows or why a step comes before the next"
)
WORDS = re.findall(r"\w+", SENTENCE)
CODE = {
    "python": """def step_{n}(items: list[int]) -> int:  # {mark}
    return sum(items) * {n}  # {mark}""",
    "javascript": """const step{n} = (items) => {{ // {mark}
  return items.map((i) => i * {n}); // {mark}
}};""",
    "sql": """SELECT name, count(*) -- {mark}
FROM orders WHERE total > {n} -- {mark}
GROUP BY name;""",
}


def chunks(kilobytes: int) -> list[str]:
    """Pieces of some 25 bytes, each with one mark, that are this long together once stamped."""
    return CHUNK.findall(document(kilobytes * 1024))


def document(size: int) -> str:
    """At least `size` bytes, at most a section more."""
    chance = random.Random(size)  # noqa: S311
    sections: list[str] = []
    length = number = 0
    while length < size:
        number += 1
        sections.append(_section(number, chance))
        length += len(sections[-1].encode()) + sections[-1].count(MARK) * (STAMP_BYTES - 1)
    return "".join(sections)


def _section(number: int, chance: random.Random) -> str:
    parts = [
        f"## Part {number}: {_words(4, chance)}",
        f"{_words(30, chance)} **{_words(3, chance)}** and `value_{number}` {_words(9, chance)}.",
        _list(chance),
        chance.choice([_table, _code, _quote])(number, chance),
        f"这一段说明第{number}步{MARK}的目的和结果{MARK}，请先读完再继续{MARK}。",
    ]
    return "\n\n".join(parts) + "\n\n"


def _words(count: int, chance: random.Random) -> str:
    words = chance.choices(WORDS, k=count)
    return " ".join(
        word + f" {MARK}" if place % 3 == 2 else word for place, word in enumerate(words)
    )


def _list(chance: random.Random) -> str:
    items = [f"- {_words(6, chance)}\n  - {_words(5, chance)}" for _ in range(3)]
    return "\n".join(items)


def _table(number: int, chance: random.Random) -> str:
    rows = [f"| {_words(3, chance)} | {number * row} | {_words(3, chance)} |" for row in range(5)]
    return "\n".join(["| name | value | note |", "| --- | ---: | --- |", *rows])


def _code(number: int, chance: random.Random) -> str:
    language = chance.choice(sorted(CODE))
    return f"```{language}\n{CODE[language].format(n=number, mark=MARK)}\n```"


def _quote(_number: int, chance: random.Random) -> str:
    return f"> {_words(15, chance)}"
