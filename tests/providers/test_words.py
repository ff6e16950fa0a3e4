import pytest

from providers.errors import ErrorKind, Sign, UpstreamError, WrongBase
from providers.words import words, words_of


@pytest.mark.parametrize("kind", ErrorKind)
def test_each_kind_of_error_has_words(kind: ErrorKind) -> None:
    told = words(kind)
    assert str(told.message).endswith(".")
    assert str(told.hint).endswith(".")


@pytest.mark.parametrize("sign", Sign)
def test_a_wrong_base_url_is_told_with_the_one_to_try(sign: Sign) -> None:
    told = words(ErrorKind.PROTOCOL, WrongBase(sign, "https://r.example/v1"))
    assert str(told.message).endswith(".")
    assert told.hint == "Try https://r.example/v1 as the base URL."


def test_without_another_base_url_the_documentation_is_named() -> None:
    assert "documentation" in str(words(ErrorKind.NOT_FOUND, WrongBase(Sign.PAGE)).hint)


def test_whoever_cannot_change_the_base_url_is_told_whom_to_ask() -> None:
    error = UpstreamError(ErrorKind.NOT_FOUND)
    error.wrong_base = WrongBase(Sign.PAGE, "https://r.example/v1")
    assert "administrator" in str(words_of(error).hint_for_others)
