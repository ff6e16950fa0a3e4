"""LaTeX as models write it, in the words that the library knows."""

import re

# Macros can grow without bounds, and mean nothing outside of their formula.
_DEFINES = re.compile(
    r"\\(?:(?:re)?newcommand|newenvironment|def|let|DeclareMathOperator)(?![a-z])"
)
_ENVIRONMENTS = {
    **dict.fromkeys(("align", "aligned", "alignedat", "eqnarray", "flalign"), "align*"),
    **dict.fromkeys(("gather", "gathered", "multline"), "matrix"),
    **dict.fromkeys(("dcases", "rcases"), "cases"),
    **dict.fromkeys(("equation", "displaymath", "math"), ""),
}
_ENVIRONMENT = re.compile(
    rf"\\(begin|end)\s*{{({'|'.join(_ENVIRONMENTS)})\*?}}(?:(?<=at}})\s*{{\d+}})?"
)
# What is for a whole document, and bars that the library takes for unknown after "\big".
_DROPPED = re.compile(r"\\(?:label|require)\s*{[^{}]*}|\\(?:nonumber|notag)(?![a-zA-Z])")
_BAR = re.compile(r"\\[lr](vert|Vert)(?![a-zA-Z])")


def defines_macros(tex: str) -> bool:
    return bool(_DEFINES.search(tex))


def plainer(tex: str) -> str:
    tex = _DROPPED.sub("", tex)
    tex = _BAR.sub(lambda found: "|" if found[1] == "vert" else r"\|", tex)
    return _ENVIRONMENT.sub(_environment, tex)


def _environment(found: re.Match[str]) -> str:
    known = _ENVIRONMENTS[found[2]]
    return f"\\{found[1]}{{{known}}}" if known else ""
