"""The parser's HTML turned into ours: links that show their host, no images, code figures.

Works on text, not on a tree, and may do so: the parser escapes every `<` and `"` of the answer,
so each one found here was written by the parser itself.
"""

import re
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from conversations.rendering import footnotes
from conversations.rendering.craft import Craft
from conversations.rendering.highlight import DIAGRAM, LANGUAGES, Painter, name_of
from conversations.rendering.sanitise import LANGUAGE_PREFIX

_CODE = re.compile(r'<pre><code(?: class="language-([^"]*)")?>([^<]*)</code></pre>')
_OPEN_CODE = re.compile(r"([^<]*)</code></pre>(?:\s*</[a-z]+>)*\s*\Z")
_LINK = re.compile(r'<a href="([^"]*)"(?: title="([^"]*)")?>(.*?)</a>|(<img [^>]*>)', re.DOTALL)
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? />')
_TASK = re.compile(r'<input type="checkbox"( checked="")? disabled="" />')
_ALIGN = re.compile(r'<(t[hd]) align="([a-z]+)">')
_PADDING = re.compile(r"(?:<td(?: align=\"[a-z]+\")?></td>\n)+(?=</tr>\n</tbody>\n</table>\Z)")
_BREAK = re.compile(r'(<code.*?</code>|<span class="tex.*?</span>)|&lt;br ?/?&gt;', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SCHEME = re.compile(r"(?:https?://[^/?#]|mailto:.)", re.IGNORECASE)
_LONGEST_NAME = 30
# What may be wider than the column scrolls in its own box, and not every browser lets the
# keyboard in there by itself.
_SCROLLS = ' tabindex="0"'


def rewrite(html: str, craft: Craft, *, open_end: bool = False) -> str:
    """One block's final markup, not yet sanitised.

    `open_end`: the block may still grow, so code at its very end stays uncoloured, and a table's
    last row has only the cells that were written.
    """
    if "<a " in html or "<img" in html:
        html = _LINK.sub(_link, html)
    if "<pre><code" in html:
        html = _with_figures(html, open_end, craft.painter)
    if "<input" in html:
        html = _TASK.sub(_task, html)
    if open_end and html.endswith("</table>"):
        html = _PADDING.sub("", html)
    if "<table>" in html:
        html = html.replace("<table>", f'<figure class="table"{_SCROLLS}><table>')
        html = html.replace("</table>", "</table></figure>")
    if ' align="' in html:
        html = _ALIGN.sub(r'<\1 class="align-\2">', html)
    if "&lt;br" in html:
        # Tables have no other way to break a line, so models write this tag there.
        html = _BREAK.sub(lambda found: found[1] or "<br>", html)
    if 'class="tex' in html:
        html = craft.typesetter.typeset(html, open_end=open_end)
    return footnotes.with_marks(html)


def skip(html: str, craft: Craft) -> None:
    """Count the code and formulas of a block that need not be rewritten again."""
    for language, code in _CODE.findall(html):
        if unescape(language).lower() in LANGUAGES:
            craft.painter.skip(unescape(code))
    craft.typesetter.skip(html)


def open_code(html: str) -> str:
    """The code at the very end of a block's parser HTML, unescaped; '' when there is none."""
    start = html.rfind("<pre><code")
    found = _OPEN_CODE.match(html, html.find(">", start + 5) + 1) if start >= 0 else None
    return unescape(found[1]) if found else ""


def _with_figures(html: str, open_end: bool, painter: Painter) -> str:
    last = html.rfind("<pre><code") if open_end and open_code(html) else -1

    def figure(found: re.Match[str]) -> str:
        language, code = unescape(found[1] or ""), found[2]
        if found.start() == last:
            # The parser ends code with a newline; without it, more text lands on the right line.
            code = code.removesuffix("\n")
        elif language.lower() in LANGUAGES:
            code = painter.paint(unescape(code), language.lower())
        return _figure(language, code)

    return _CODE.sub(figure, html)


def _figure(language: str, code_html: str) -> str:
    known = language.lower() in LANGUAGES or language.lower() == DIAGRAM
    css_class = f' class="{LANGUAGE_PREFIX}{language.lower()}"' if known else ""
    caption = escape(name_of(language[:_LONGEST_NAME]))
    return (
        f'<figure class="code"><figcaption>{caption}</figcaption>'
        f"<pre{_SCROLLS}><code{css_class}>{code_html}</code></pre></figure>"
    )


def _link(found: re.Match[str]) -> str:
    href, title, inner, image = found.groups()
    if image:
        return _image(image)
    inner = _IMAGE.sub(lambda img: f'<span class="image-alt">{img[2]}</span>', inner)
    return _anchor(href, title, inner) if _SCHEME.match(href) else inner


def _image(html: str) -> str:
    found = _IMAGE.match(html)
    if not found:
        return ""
    alt = f'<span class="image-alt">{found[2]}</span>'
    return _anchor(found[1], None, alt) if _SCHEME.match(found[1]) else alt


def _anchor(href: str, title: str | None, inner: str) -> str:
    """A link that names where it leads, unless its text does so already."""
    target = _target(unescape(href))
    if target and target not in unescape(_TAG.sub("", inner)).lower():
        inner += f' <span class="link-host">{escape(target)}</span>'
    titled = f' title="{title}"' if title else ""
    return f'<a href="{href}"{titled}>{inner}</a>'


def _target(url: str) -> str:
    try:
        parts = urlsplit(url)
        return unquote(parts.hostname or parts.path).lower()
    except ValueError:  # such as http://[::1
        return url.lower()


def _task(found: re.Match[str]) -> str:
    if found[1]:
        return '<span class="task-done">☑</span>'
    return '<span class="task-open">☐</span>'
