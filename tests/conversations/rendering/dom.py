"""A small HTML tree: what a browser would hold, as far as these tests ask."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Self

from conversations.rendering.cursor import Patch

VOID = {"br", "hr", "img", "input", "meta", "link", "base", "embed", "source"}


class Element:
    """Neighbouring texts are one node; blank ones between elements don't count as last."""

    def __init__(self, tag: str, attributes: dict[str, str | None] | None = None) -> None:
        self.tag = tag
        self.attributes = attributes or {}
        self.children: list[Element | str] = []

    @classmethod
    def parse(cls, html: str) -> Self:
        root = cls("body")
        builder = _Builder(root)
        builder.feed(html)
        builder.close()
        return root

    def add_text(self, text: str) -> None:
        if self.children and isinstance(self.children[-1], str):
            self.children[-1] += text
        elif text:
            self.children.append(text)

    def last_text_place(self) -> "Element":
        for child in reversed(self.children):
            if isinstance(child, Element):
                return child.last_text_place()
            if child.strip():
                break
        return self

    def elements(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.elements()

    def depth(self) -> int:
        return 1 + max((c.depth() for c in self.children if isinstance(c, Element)), default=0)

    def __str__(self) -> str:
        inner = "".join(c if isinstance(c, str) else str(c) for c in self.children)
        named = "".join(f" {name}={value!r}" for name, value in sorted(self.attributes.items()))
        return f"<{self.tag}{named}>{inner}</{self.tag}>"

    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)


class Page:
    """A reader: the finished blocks and the tail, kept up by patches as the page's script does."""

    def __init__(self) -> None:
        self.done = Element("body")
        self.tail = Element("body")

    def apply(self, patch: Patch) -> None:
        new = Element.parse(patch.frozen)
        if patch.reset:
            self.done = new
        else:
            for child in new.children:
                if isinstance(child, str):
                    self.done.add_text(child)
                else:
                    self.done.children.append(child)
        if patch.tail is not None:
            self.tail = Element.parse(patch.tail)
        self.tail.last_text_place().add_text(patch.text)

    def __str__(self) -> str:
        return f"{self.done}{self.tail}"


class _Builder(HTMLParser):
    def __init__(self, root: Element) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].tag != tag:
            raise ValueError(f"</{tag}> closes <{self._open[-1].tag}>")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].add_text(data)
