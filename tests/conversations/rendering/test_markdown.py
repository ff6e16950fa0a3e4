import pytest
from django.utils.safestring import SafeString

from conversations.rendering.markdown import Block, blocks, render
from tests.conversations.rendering import documents
from tests.conversations.rendering.dom import Element
from tests.conversations.rendering.payloads import PAYLOADS
from tests.conversations.rendering.rules import violations

LINK = 'target="_blank" rel="noopener noreferrer nofollow"'
CASES = {
    "emphasis beside Chinese": ("**中文。**后", "<p><strong>中文。</strong>后</p>\n"),
    "raw html is shown": ("a <b>x</b>", "<p>a &lt;b&gt;x&lt;/b&gt;</p>\n"),
    "an html block is a paragraph": ("<div>\nx\n</div>", "<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>\n"),
    "a break tag breaks": ("a<br>b `<br>`", "<p>a<br>b <code>&lt;br&gt;</code></p>\n"),
    "no heading ids": ("# Messages", "<h1>Messages</h1>\n"),
    "a footnote stands where it was written": (
        "x[^1]\n\n[^1]: Smith\n[^2]: *b*",
        '<p>x<sup class="note-mark">1</sup></p>\n'
        '<p class="note"><span class="note-label">1</span> Smith</p>\n'
        '<p class="note"><span class="note-label">2</span> <em>b</em></p>\n',
    ),
    "a pattern is no footnote": (
        "[^a-z] `[^1]: x`",
        "<p>[^a-z] <code>[^1]: x</code></p>\n",
    ),
    "a formula is MathML": (
        r"$x_1$ \(a\)",
        '<p><math display="inline" data-tex="x_1"><mrow><msub><mi>x</mi><mn>1</mn></msub></mrow>'
        '</math> <math display="inline" data-tex="a"><mrow><mi>a</mi></mrow></math></p>\n',
    ),
    "a formula on lines of its own": (
        "\\[\nx\n\\]",
        '<p><math display="block" data-tex="x" tabindex="0"><mrow><mi>x</mi></mrow></math></p>\n',
    ),
    "a formula beside Chinese": (
        "设$n$为**整数$m$。**",
        '<p>设<math display="inline" data-tex="n"><mrow><mi>n</mi></mrow></math>为<strong>整数'
        '<math display="inline" data-tex="m"><mrow><mi>m</mi></mrow></math>。</strong></p>\n',
    ),
    "an unknown formula is its source": (
        r"$\ce{H2O}$",
        '<p><span class="tex">\\ce{H2O}</span></p>\n',
    ),
    "a bare address": (
        "http://a.test/x",
        f'<p><a href="http://a.test/x" {LINK}>http://a.test/x</a></p>\n',
    ),
    "a link shows its host": (
        "[docs](https://a.test/x)",
        f'<p><a href="https://a.test/x" {LINK}>docs'
        ' <span class="link-host">a.test</span></a></p>\n',
    ),
    "a link that pretends shows its host": (
        "[bank.test](https://bank.test@evil.test/)",
        f'<p><a href="https://bank.test@evil.test/" {LINK}>bank.test'
        ' <span class="link-host">evil.test</span></a></p>\n',
    ),
    "a relative link is text": ("[out](/accounts/logout/)", "<p>out</p>\n"),
    "an image is a link": (
        "![a chart](https://i.test/c.png)",
        f'<p><a href="https://i.test/c.png" {LINK}><span class="image-alt">a chart</span>'
        ' <span class="link-host">i.test</span></a></p>\n',
    ),
    "a relative image is its words": (
        "![logo](/logo.png)",
        '<p><span class="image-alt">logo</span></p>\n',
    ),
    "a badge is one link": (
        "[![ci](https://i.test/b.svg)](https://c.test/p)",
        f'<p><a href="https://c.test/p" {LINK}><span class="image-alt">ci</span>'
        ' <span class="link-host">c.test</span></a></p>\n',
    ),
    "tasks": (
        "- [ ] a\n- [x] b",
        '<ul>\n<li><span class="task-open">☐</span> a</li>\n'
        '<li><span class="task-done">☑</span> b</li>\n</ul>\n',
    ),
    "a list that starts at 3": ("3. a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
    "lone surrogates and nulls": ("a\ud800\x00b", "<p>a\ufffd\ufffdb</p>\n"),
    "a colon of footnotes": ("a\ufdd0b", "<p>a\ufffdb</p>\n"),
    "old newlines": ("a\r\rb\r\nc", "<p>a</p>\n<p>b\nc</p>\n"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "html"), CASES.values(), ids=CASES)
def test_markdown_becomes_this_html(text: str, html: str) -> None:
    assert render(text) == html


def test_the_result_is_marked_safe() -> None:
    assert isinstance(render("a"), SafeString)


def test_cells_are_aligned_by_class() -> None:
    cells = list(Element.parse(render("| a | b |\n|:-:|--:|\n| 1 | 2 |")).elements())
    found = [c.attributes.get("class") for c in cells if c.tag in {"th", "td"}]
    assert found == ["align-center", "align-right"] * 2


def test_a_fence_becomes_a_figure_with_its_language() -> None:
    assert render("```mermaid\na-->b\n```") == (
        '<figure class="code"><figcaption>Mermaid</figcaption>'
        '<pre tabindex="0"><code class="language-mermaid">a--&gt;b\n</code></pre></figure>\n'
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("py", "Python"),
        ("C++", "C++"),
        ("js", "JavaScript"),
        ("YAML", "YAML"),
        ("my<lang", "my&lt;lang"),
    ],
)
def test_a_block_of_code_is_headed_by_the_name_of_its_language(written: str, name: str) -> None:
    assert f"<figcaption>{name}</figcaption>" in render(f"```{written}\nx\n```")


def test_a_table_scrolls_in_a_box_that_the_keyboard_reaches() -> None:
    html = render("- | a |\n  |---|")
    assert '<figure class="table" tabindex="0"><table>' in html
    assert html.count("</table></figure>") == 1


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6.",
        "It costs $5, not $6, or $7",
        "US$5, A$, US$ and HK$",
        "$HOME/bin:$PATH",
        "$a/$b",
        "价格是$5和$6,$7。",
        "I have $5 in my left pocket and 6$ in my right",
        "每个$5元，共10$",
        "$ x $ and \\$x$",
    ],
)
def test_money_and_shells_are_no_formulas(text: str) -> None:
    assert render(text) == f"<p>{text.replace(chr(92), '')}</p>\n"


def test_blocks_know_their_first_line() -> None:
    found = blocks("\na\nb\n\n- c\n  d\n\n\n***\n<div>\n")
    assert [block.start_line for block in found] == [2, 5, 9]


def test_raw_html_belongs_to_the_block_before_it() -> None:
    assert blocks("***\n<div>\n")[0] == Block(1, "<hr /><p>&lt;div&gt;</p>")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_makes_forbidden_markup(payload: str) -> None:
    assert violations(render(payload)) == []


def test_all_of_the_spec_is_rendered_within_the_rules() -> None:
    broken = [text for text in documents.spec_examples() if violations(render(text))]
    assert broken == []
