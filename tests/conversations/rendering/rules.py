"""What message HTML may hold, written down apart from the code that has to keep to it."""

import re

from tests.conversations.rendering.dom import Element

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"),
    *("em", "strong", "del", "code", "pre", "span", "a", "figure", "figcaption", "sup"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_MATH = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle"),
    *("mpadded", "mphantom", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
    *("mmultiscripts", "mprescripts", "mtable", "mtr", "mtd"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "rel", "target"},
    "ol": {"start"},
    "math": {"display", "data-tex"},
}
# Not among these: href, xlink:href, style, id, mathcolor, mathbackground, src, on*.
_MATH_VALUE = re.compile(r"true|false|prefix|infix|postfix|[+-]?\d?(\.\d+)?(em|ex|px|pt)?")
_MATH_NAMES = {
    *("lspace", "rspace", "width", "height", "depth", "voffset", "minsize", "maxsize"),
    *("linethickness", "stretchy", "fence", "separator", "movablelimits", "largeop", "accent"),
    *("accentunder", "displaystyle", "symmetric", "form", "scriptlevel"),
}
_CLASS_PREFIXES = {
    "code": ("language-",),
    "figure": ("code", "table"),
    "mtd": ("align-",),
    "p": ("note",),
    "pre": ("plain",),
    "span": ("hl-", "task-", "link-host", "image-alt", "tex", "note-label"),
    "sup": ("note-mark", "tight"),
    "td": ("align-",),
    "th": ("align-",),
}


def violations(html: str) -> list[str]:
    """Every tag, attribute and link in `html` that may not be there."""
    return [
        f"{element.tag} {name}={value}"
        for element in Element.parse(html).elements()
        for name, value in [("", ""), *element.attributes.items()]
        if not _is_allowed(element, name, value or "")
    ]


def _is_allowed(element: Element, name: str, value: str) -> bool:
    if not name:
        return element.tag in _TAGS | _MATH and (element.tag != "a" or _is_safe_link(element))
    if name == "class":
        prefixes = _CLASS_PREFIXES.get(element.tag, ())
        return bool(prefixes) and all(part.startswith(prefixes) for part in value.split())
    if name == "tabindex":
        return element.tag in {"pre", "figure", "math"} and value == "0"
    if element.tag in _MATH - {"math"}:
        return name == "mathvariant" or bool(name in _MATH_NAMES and _MATH_VALUE.fullmatch(value))
    return name in _ATTRIBUTES.get(element.tag, ())


def _is_safe_link(element: Element) -> bool:
    found = element.attributes
    return (
        (found.get("href") or "").lower().startswith(("http://", "https://", "mailto:"))
        and found.get("rel") == "noopener noreferrer nofollow"
        and found.get("target") == "_blank"
    )
