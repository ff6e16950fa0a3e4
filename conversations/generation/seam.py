"""Where a continued answer is joined to what there was, so that it reads as one text.

Services end and begin an answer with no space at its edges, and models like to begin with the
last words once more: those are left out, and a space is put where two words would become one.
"""

# Whoever says more than so many characters again means to.
_LONGEST = 2000
_SHORTEST = 2
# From here on words stand without spaces: Chinese, Japanese and their neighbours.
_FIRST_WITHOUT_SPACES = "\u2e80"


class Seam:
    """Feed it what comes; it holds back only what may be a repetition of `before`."""

    def __init__(self, before: str) -> None:
        self._before = before[-_LONGEST:]
        self._held = ""
        self._is_joined = not before

    def feed(self, text: str) -> str:
        """What can be written now."""
        if self._is_joined:
            return text
        self._held += text
        said = self._held.lstrip()
        if not said or said in self._before:
            return ""
        return self.rest()

    def rest(self) -> str:
        """All that is held back; to be asked for at the end, whatever the end is."""
        held, self._held = self._held, ""
        if self._is_joined or not held:
            return held
        self._is_joined = True
        said = held.lstrip()
        if repeated := _repeated(self._before, said):
            return said[repeated:]
        return _gap(self._before, held) + held


def _repeated(before: str, said: str) -> int:
    """How many characters of `said` are the last ones of `before`, from the start of a word."""
    for size in range(min(len(said), len(before)), _SHORTEST - 1, -1):
        is_word = size == len(before) or not (before[-size - 1].isalnum() and said[0].isalnum())
        if is_word and before.endswith(said[:size]):
            return size
    return 0


def _gap(before: str, said: str) -> str:
    is_between_words = _is_of_word(before[-1]) and _is_of_word(said[0])
    return " " if is_between_words else ""


def _is_of_word(character: str) -> bool:
    return character.isalnum() and character < _FIRST_WITHOUT_SPACES
