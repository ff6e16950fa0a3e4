"""Which case or behaviour a request is answered with, by its path, its model and its query.

The model's name is the name of a case or of a behaviour. A base URL may hold both as well, as
`http://127.0.0.1:9000/<case>/<split>/v1`: a list of models is asked without naming a model, and
a base URL takes no query.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from providers.fakeupstream.behaviours import NAMES, behave
from providers.fakeupstream.cases import Case, Split, replay
from providers.fakeupstream.journal import Received
from providers.fakeupstream.responses import models
from providers.fakeupstream.script import Script

Choose = Callable[[Received], Script]


@dataclass(frozen=True, slots=True)
class Choice:
    """Cases first, behaviours for every other name; `delay_s` is waited between pieces."""

    cases: Mapping[str, Case]
    delay_s: float = 0.0

    def __call__(self, received: Received) -> Script:
        place = urlsplit(received.path)
        named = [unquote(part) for part in place.path.split("/")]
        asked = [*named, *parse_qs(place.query).get("split", [])]
        if case := self._case(named, received.model):
            return replay(case, _split(asked), self.delay_s)
        if place.path.endswith("/models"):
            return [models(*NAMES, *self.cases)]
        return behave(received)

    def _case(self, named: list[str], model: str) -> Case | None:
        """That of the path, if it belongs to what is asked there, else that of the model."""
        asks_models = named[-1] == "models"
        for name in named:
            case = self.cases.get(name)
            if case and (case.endpoint == "models") == asks_models:
                return case
        return self.cases.get(model)


def _split(asked: list[str]) -> Split:
    return next((Split(word) for word in reversed(asked) if word in set(Split)), Split.CUT)
