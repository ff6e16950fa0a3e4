"""What a service taught: in one request, and for a minute in this process.

By then it is kept with the model, if there is one: see providers.quirks.
"""

import time
from collections.abc import Collection, Mapping
from functools import reduce
from typing import Any

from providers.adaptation import Adaptation, apply, with_learnt
from providers.errors import UpstreamError
from providers.learning import learn
from providers.places import Place, Places

# For each of these the request is sent once more.
MOST_LEARNT = 6
BELIEVED_S = 60.0

# With the time at which it was learnt.
_known_at: Places[tuple[frozenset[Adaptation], float]] = Places((frozenset(), 0.0))


class Lessons:
    """One request to a place, which is a base URL and a model. `body` is to be sent.

    What was learnt before goes over what is `known` from elsewhere, which may be older.
    """

    def __init__(
        self, place: Place, request: Mapping[str, Any], known: Collection[Adaptation]
    ) -> None:
        self._place = place
        self._request = request
        self._known = reduce(with_learnt, _learnt_at(place), frozenset(known))
        self._learnt: list[Adaptation] = []
        self.body = apply(request, self._known)

    def learn(self, error: UpstreamError, refusal: bytes) -> bool:
        """Whether `body` is now another one, worth being sent."""
        if len(self._learnt) == MOST_LEARNT:
            return False
        adaptation = learn(self.body, error, refusal, self._learnt)
        if adaptation is None:
            return False
        self._learnt.append(adaptation)
        self._known = with_learnt(self._known, adaptation)
        self.body = apply(self._request, self._known)
        return True

    def confirm(self) -> list[Adaptation]:
        """The service answered: what was learnt is true, and is remembered."""
        if self._learnt:
            known = reduce(with_learnt, self._learnt, _learnt_at(self._place))
            _known_at[self._place] = known, time.monotonic()
        return self._learnt


def forget(place: Place) -> None:
    _known_at.forget(place)


def _learnt_at(place: Place) -> frozenset[Adaptation]:
    known, learnt_at = _known_at[place]
    return known if time.monotonic() - learnt_at < BELIEVED_S else frozenset()
