import datetime
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from providers.offer import TokenPrice
from providers.presets import preset_of
from providers.prices import KnownModel, known_model, known_models

ALL = pytest.mark.parametrize(
    ("place", "known"), known_models().items(), ids=map("/".join, known_models())
)
FIRST_DAY = datetime.date(2026, 1, 1)


@ALL
def test_every_price_names_its_page_and_its_day(place: tuple[str, str], known: KnownModel) -> None:
    assert {urlsplit(address).scheme for address in (known.page, known.via or known.page)} == {
        "https"
    }
    assert FIRST_DAY < known.date <= datetime.datetime.now(datetime.UTC).date()


@ALL
def test_every_price_can_be_one(place: tuple[str, str], known: KnownModel) -> None:
    price = known.price
    assert price is not None
    assert price.input is not None
    assert 0 <= (price.cached_input or 0) <= price.input <= (price.output or price.input) < 1000


@ALL
def test_every_price_belongs_to_a_preset(place: tuple[str, str], known: KnownModel) -> None:
    assert preset_of(place[0])
    assert known.id == known.id.lower()


@ALL
def test_every_size_can_be_one(place: tuple[str, str], known: KnownModel) -> None:
    window = known.context_window or 0
    assert 2_000 < window < 3_000_000
    assert (known.up_to or 0) < window
    assert known.max_output is None or 1_000 < known.max_output <= window


@ALL
def test_a_model_chats_or_makes_embeddings(place: tuple[str, str], known: KnownModel) -> None:
    assert known.capabilities.chat != known.capabilities.embeddings


@pytest.mark.parametrize(
    ("service", "model_id", "found"),
    [
        ("openai", "gpt-4o", "gpt-4o"),
        ("openai", "gpt-4o-2024-08-06", "gpt-4o"),
        ("openai", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),
        ("openai", "GPT-4o", "gpt-4o"),
        ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("gemini", "models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("groq", "openai/gpt-oss-120b", "openai/gpt-oss-120b"),
    ],
)
def test_a_model_is_found_with_its_price(service: str, model_id: str, found: str) -> None:
    known = known_model(service, model_id)
    assert known is not None
    assert (known.id, known.price is not None, known.varies) == (found, True, False)


@pytest.mark.parametrize("model_id", ["google/gemini-2.5-pro", "gemini/gemini-2.5-pro"])
def test_what_is_passed_on_costs_about_as_much_as_at_its_vendor(model_id: str) -> None:
    known = known_model("litellm", model_id)
    assert known is not None
    assert known.price == TokenPrice(Decimal("1.25"), Decimal(10), Decimal("0.125"))
    assert known.varies


@pytest.mark.parametrize("service", ["relay", "azure", ""])
def test_of_a_model_by_the_same_name_all_but_the_price_is_known(service: str) -> None:
    known = known_model(service, "gpt-4o")
    assert known is not None
    assert (known.price, known.context_window) == (None, 128_000)


@pytest.mark.parametrize(
    "model_id", ["gpt-4", "gpt-4o-audio", "gpt-4o-2024", "模型", "", "/", "openai/", "a/b/c"]
)
def test_nothing_is_known_of_other_models(model_id: str) -> None:
    assert known_model("openai", model_id) is None


@pytest.mark.parametrize(
    "wrong", [{"can": ["dance"]}, {"input": "cheap"}, {"colour": "red"}], ids=str
)
def test_an_entry_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    around = {"page": "https://x.example", "date": FIRST_DAY, "currency": "USD"}
    right = {"id": "x", "input": 1, "can": ["chat"]}
    assert KnownModel.of(right, around).price == TokenPrice(Decimal(1), None)
    with pytest.raises((ArithmeticError, TypeError, ValueError)):
        KnownModel.of({**right, **wrong}, around)
