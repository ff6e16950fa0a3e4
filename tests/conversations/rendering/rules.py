"""What message HTML may hold, written down apart from the code that has to keep to it."""

from tests.conversations.rendering.dom import Element

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"),
    *("em", "strong", "del", "code", "pre", "span", "a", "figure", "figcaption"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title", "rel", "target"}, "ol": {"start"}}
_CLASS_PREFIXES = {
    "code": ("language-",),
    "figure": ("code",),
    "pre": ("plain",),
    "span": ("hl-", "task-", "link-host", "image-alt"),
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
        return element.tag in _TAGS and (element.tag != "a" or _is_safe_link(element))
    if name == "class":
        prefixes = _CLASS_PREFIXES.get(element.tag, ())
        return bool(prefixes) and all(part.startswith(prefixes) for part in value.split())
    if name == "tabindex":
        return element.tag in {"pre", "table"} and value == "0"
    return name in _ATTRIBUTES.get(element.tag, ())


def _is_safe_link(element: Element) -> bool:
    found = element.attributes
    return (
        (found.get("href") or "").lower().startswith(("http://", "https://", "mailto:"))
        and found.get("rel") == "noopener noreferrer nofollow"
        and found.get("target") == "_blank"
    )
