from typing import Any

import pytest

from providers.adaptation import Adaptation
from providers.errors import ErrorKind, UpstreamError
from providers.lessons import Lessons, forget

REQUEST = {"messages": [], "temperature": 1, "max_tokens": 5}
NO_TEMPERATURE = UpstreamError(ErrorKind.BAD_REQUEST, "unknown field: temperature")


def lessons(place: str, **more: Any) -> Lessons:
    return Lessons((place, "m"), {**REQUEST, **more}, frozenset())


def test_a_place_remembers_what_it_confirmed_and_no_other_place_does() -> None:
    first = lessons("remembering")
    assert first.learn(NO_TEMPERATURE, b"")
    assert first.confirm() == [Adaptation.NO_TEMPERATURE]
    assert "temperature" not in lessons("remembering").body
    assert "temperature" in lessons("another").body


def test_what_was_not_confirmed_is_forgotten() -> None:
    lessons("unconfirmed").learn(NO_TEMPERATURE, b"")
    assert "temperature" in lessons("unconfirmed").body


def test_the_same_lesson_is_not_learnt_twice() -> None:
    one = lessons("twice")
    assert one.learn(NO_TEMPERATURE, b"")
    assert not one.learn(NO_TEMPERATURE, b"")


def test_the_oldest_place_is_forgotten_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("providers.places.MOST_PLACES", 3)
    for number in range(9):
        one = lessons(f"place {number}")
        one.learn(NO_TEMPERATURE, b"")
        one.confirm()
    assert "temperature" in lessons("place 0").body
    assert "temperature" not in lessons("place 8").body


def learnt_at(place: str) -> None:
    one = lessons(place)
    one.learn(NO_TEMPERATURE, b"")
    one.confirm()


def test_a_place_that_is_forgotten_is_sent_everything_again() -> None:
    learnt_at("forgotten")
    forget(("forgotten", "m"))
    assert "temperature" in lessons("forgotten").body


def test_the_process_remembers_until_the_model_does(monkeypatch: pytest.MonkeyPatch) -> None:
    learnt_at("old")
    monkeypatch.setattr("providers.lessons.BELIEVED_S", 0)
    assert "temperature" in lessons("old").body
