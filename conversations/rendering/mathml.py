"""The part of MathML that an answer may hold, and the only way in which it is written."""

import re
from html import escape, unescape
from xml.etree.ElementTree import Element

TAGS = frozenset(
    {
        *("math", "mrow", "mstyle", "mpadded", "mphantom", "mspace", "mi", "mn", "mo", "mtext"),
        *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
        *("mmultiscripts", "mprescripts", "mtable", "mtr", "mtd"),
    }
)
_LENGTH = r"[+-]?\d?(?:\.\d+)?(?:em|ex|px|pt)?|0"
_FLAG = "true|false"
# Nothing with an address, a style, a colour or a name; no length that reaches another message.
_VALUES = {
    **dict.fromkeys(("lspace", "rspace", "width", "height", "depth", "voffset"), _LENGTH),
    **dict.fromkeys(("minsize", "maxsize", "linethickness"), _LENGTH),
    **dict.fromkeys(("stretchy", "fence", "separator", "movablelimits", "largeop"), _FLAG),
    **dict.fromkeys(("accent", "accentunder", "displaystyle", "symmetric"), _FLAG),
    "form": "prefix|infix|postfix",
    "mathvariant": "[a-z-]{1,24}",
    "scriptlevel": r"[+-]?\d",
}
ATTRIBUTES = {tag: set(_VALUES) for tag in TAGS} | {"math": {"display", "data-tex"}}
_ALLOWED = {name: re.compile(pattern) for name, pattern in _VALUES.items()}
ALIGN_CLASSES = {"left": "align-left", "right": "align-right"}

# The sanitiser is quadratic in nesting, and no formula that is read is so deep or so large.
MAX_DEPTH = 32
MAX_ELEMENTS = 2_000

# How many parts these have; a browser shows any other number of them as a mistake.
_PARTS = {
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
# What the library does not know stands in its tree as it was written.
_UNKNOWN = re.compile(r"\\[A-Za-z]+|&")


class Unwritable(Exception):
    """No formula that a browser would show as it is meant, or larger than one may be."""


def written(math: Element, tex: str) -> str:
    """`math` as HTML, with its source for whoever copies it."""
    if sum(1 for _ in math.iter()) > MAX_ELEMENTS:
        raise Unwritable
    inner = "".join(_written(child, 1) for child in math)
    display = math.get("display")
    # One in a line of its own scrolls in itself, as wide code does.
    reached = ' tabindex="0"' if display == "block" else ""
    return f'<math display="{display}" data-tex="{escape(tex)}"{reached}>{inner}</math>'


def _written(element: Element, depth: int) -> str:
    if depth > MAX_DEPTH or len(element) != _PARTS.get(element.tag, len(element)):
        raise Unwritable
    # The library writes its symbols as entities, and its tree as if they were text.
    text = unescape(element.text or "")
    if element.tag != "mtext" and _UNKNOWN.fullmatch(text):
        raise Unwritable
    inner = escape(text, quote=False) + "".join(_written(child, depth + 1) for child in element)
    if element.tag not in TAGS or element.tag == "math":
        return f"<mrow>{inner}</mrow>"
    return f"<{element.tag}{_attributes(element)}>{inner}</{element.tag}>"


def _attributes(element: Element) -> str:
    kept = {
        name: value
        for name, value in element.items()
        if name in _ALLOWED and _ALLOWED[name].fullmatch(value)
    }
    if aligned := ALIGN_CLASSES.get(element.get("columnalign", "")):
        kept["class"] = aligned
    return "".join(f' {name}="{value}"' for name, value in kept.items())
