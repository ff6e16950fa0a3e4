"""Whether a body is saying something, or only that it is still there: comments and blanks."""

import re

_SAID = re.compile(rb"(?:\A|[\r\n])[ \t]*[^:\s]")
_LINE_END = re.compile(rb"[\r\n]")


class Lull:
    """Looks at each piece of a body; `lasts` while none of them said anything.

    A comment that is cut is a comment still. Costs next to nothing while something is said.
    """

    def __init__(self) -> None:
        self._is_in_comment = False

    def lasts(self, data: bytes) -> bool:
        if self._is_in_comment:
            end = _LINE_END.search(data)
            if end is None:
                return True
            data = data[end.start() :]
        if _SAID.search(data):
            self._is_in_comment = False
            return False
        self._is_in_comment = b":" in re.split(_LINE_END, data)[-1]
        return True
