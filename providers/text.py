"""Text that a database and a page can hold, and how much of a context it takes."""

import re

# Bytes of UTF-8 per token, near enough for English, Chinese and code alike; each service counts
# differently, and a tokenizer that is shipped would be wrong for all but one of them.
BYTES_PER_TOKEN = 4
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_HIGH = re.compile(r"[\ud800-\udbff]\Z")


def estimated_tokens(size: int) -> int:
    """Of so many bytes of UTF-8."""
    return -(-size // BYTES_PER_TOKEN)


class CleanText:
    """Cleans a text that grows: NUL goes, half characters become U+FFFD.

    Services that cut their text by UTF-16 units send one half of an emoji at the end of a delta
    and the other half with the next: the first half waits for it.
    """

    def __init__(self) -> None:
        self._half = ""

    def add(self, text: str) -> str:
        if not self._half and not _UNFIT.search(text):
            return text
        text, self._half = self._half + text, ""
        if _HIGH.search(text):
            text, self._half = text[:-1], text[-1]
        return clean(text)

    def end(self) -> str:
        half, self._half = self._half, ""
        return clean(half)


def clean(text: str) -> str:
    if not _UNFIT.search(text):
        return text
    # UTF-16 joins the halves that belong together and shows which ones stay alone.
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\x00", "")
