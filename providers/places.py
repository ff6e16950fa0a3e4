"""What was learnt of places, kept in this process: of the latest few thousand."""

from collections import OrderedDict
from typing import Generic, TypeVar

MOST_PLACES = 4096

# A base URL and a model.
Place = tuple[str, str]
Value = TypeVar("Value")


class Places(Generic[Value]):
    def __init__(self, nothing: Value) -> None:
        """`nothing` is what is known of all others."""
        self._nothing = nothing
        self._known: OrderedDict[Place, Value] = OrderedDict()

    def __getitem__(self, place: Place) -> Value:
        return self._known.get(place, self._nothing)

    def __setitem__(self, place: Place, value: Value) -> None:
        self._known[place] = value
        self._known.move_to_end(place)
        while len(self._known) > MOST_PLACES:
            self._known.popitem(last=False)

    def forget(self, place: Place) -> None:
        self._known.pop(place, None)
