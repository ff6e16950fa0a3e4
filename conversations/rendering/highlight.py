"""Colours for code: text in, HTML whose only tags are `<span class="hl-…">` out."""

import time
from functools import cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

# Every lexer is some megabytes of tables and its own set of regular expressions, so only
# languages that answers really use are coloured; the rest is shown plain.
LANGUAGES = {
    alias: name
    for name, aliases in {
        "bash": "sh shell zsh",
        "bat": "cmd",
        "c": "h",
        "cmake": "",
        "console": "shell-session",
        "cpp": "c++ cc hpp",
        "csharp": "cs c#",
        "css": "",
        "dart": "",
        "diff": "patch",
        "docker": "dockerfile",
        "elixir": "ex",
        "erlang": "",
        "fsharp": "",
        "go": "golang",
        "graphql": "",
        "groovy": "gradle",
        "haskell": "hs",
        "hcl": "terraform tf",
        "html": "",
        "http": "",
        "ini": "conf",
        "java": "",
        "javascript": "js jsx mjs",
        "json": "jsonc",
        "julia": "jl",
        "kotlin": "kt",
        "latex": "tex",
        "lua": "",
        "make": "makefile",
        "nginx": "",
        "nix": "",
        "objective-c": "objc",
        "ocaml": "",
        "perl": "pl",
        "php": "",
        "powershell": "ps1 pwsh",
        "protobuf": "proto",
        "python": "py python3",
        "r": "",
        "ruby": "rb",
        "rust": "rs",
        "scala": "",
        "scss": "",
        "sql": "postgresql mysql sqlite",
        "swift": "",
        "toml": "",
        "typescript": "ts tsx",
        "vim": "",
        "xml": "svg",
        "yaml": "yml",
        "zig": "",
    }.items()
    for alias in (name, *aliases.split())
}
# As they are written; all others begin with a capital.
_NAMES = {
    "bat": "Batch",
    "cmake": "CMake",
    "cpp": "C++",
    "csharp": "C#",
    "css": "CSS",
    "docker": "Dockerfile",
    "fsharp": "F#",
    "graphql": "GraphQL",
    "hcl": "HCL",
    "html": "HTML",
    "http": "HTTP",
    "ini": "INI",
    "javascript": "JavaScript",
    "json": "JSON",
    "latex": "LaTeX",
    "make": "Makefile",
    "nginx": "nginx",
    "objective-c": "Objective-C",
    "ocaml": "OCaml",
    "php": "PHP",
    "powershell": "PowerShell",
    "scss": "SCSS",
    "sql": "SQL",
    "toml": "TOML",
    "typescript": "TypeScript",
    "xml": "XML",
    "yaml": "YAML",
}
# Not coloured, but the page offers to draw it.
DIAGRAM = "mermaid"
PREFIX = "hl-"
# Names, punctuation and blanks keep the text's own colour: a third of the spans for nothing.
_UNCOLOURED = {"", "n", "p", "w"}
CLASSES = frozenset(PREFIX + name for name in STANDARD_TYPES.values() if name not in _UNCOLOURED)

# Some milliseconds per 1,000 characters: caps per block, and per text with a fee per block.
MAX_CODE = 50_000
MAX_TEXT_CODE = 64_000
_FEE = 100
_MAX_SECONDS = 0.7
_LOOK_EVERY = 64


class Painter:
    """Colours one text's code blocks in their order, until the text's budget is spent."""

    def __init__(self) -> None:
        self.spent = 0
        self._known: dict[tuple[str, str], str] = {}

    def paint(self, code: str, language: str) -> str:
        self.skip(code)
        if self.spent > MAX_TEXT_CODE:
            return escape(code, quote=False)
        # An open block is rendered again and again with the same closed code in it.
        if (language, code) not in self._known:
            self._known[language, code] = highlight(code, language)
        return self._known[language, code]

    def skip(self, code: str) -> None:
        """Count `code` as painted."""
        self.spent += len(code) + _FEE

    def forget(self) -> None:
        """Drop what is kept of painted code; the budget stays spent."""
        self._known.clear()


def name_of(language: str) -> str:
    """What a block in this language is headed; what is not known stays as it was written."""
    known = LANGUAGES.get(language.lower(), DIAGRAM if language.lower() == DIAGRAM else "")
    return _NAMES.get(known) or known.capitalize() or language


def highlight(code: str, language: str) -> str:
    """`code` as HTML; plain when the language is unknown or the code is over a cap."""
    name = LANGUAGES.get(language)
    if name is None or len(code) > MAX_CODE:
        return escape(code, quote=False)
    runs = _runs(code, name)
    if "".join(text for _, text in runs) != code:
        return escape(code, quote=False)
    return "".join(_span(css_class, text) for css_class, text in runs)


def _runs(code: str, name: str) -> list[tuple[str, str]]:
    """Neighbouring tokens of one colour joined; short of the code when time ran out."""
    runs: list[tuple[str, str]] = []
    # Of this thread's own work: a busy machine must not take colours away.
    deadline = time.thread_time() + _MAX_SECONDS
    for token, text in _lexer(name).get_tokens(code):
        css_class = _css_class(token)
        if runs and runs[-1][0] == css_class:
            runs[-1] = (css_class, runs[-1][1] + text)
        else:
            runs.append((css_class, text))
            if len(runs) % _LOOK_EVERY == 0 and time.thread_time() > deadline:
                break
    return runs


def _span(css_class: str, text: str) -> str:
    shown = escape(text, quote=False)
    return f'<span class="{css_class}">{shown}</span>' if css_class else shown


@cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


@cache
def _css_class(token: _TokenType) -> str:
    while token not in STANDARD_TYPES:
        token = token.parent
    name = STANDARD_TYPES[token]
    return "" if name in _UNCOLOURED else PREFIX + name
