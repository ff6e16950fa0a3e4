import pytest
from django.utils import translation

from providers.card import NAMES, Known, abilities, line_of, own_abilities
from providers.doctor import Finding, Result, Step
from providers.offer import NAMES as CAPABILITIES

ALWAYS = [
    "Chat",
    "Chat, word by word",
    "System prompt",
    "Thoughts",
    "Image input",
    "Embeddings",
]


def line(**finding: object) -> dict[str, object]:
    return line_of(Step("A step", Finding(Result.GOOD, "told", **finding), 0.1))  # type: ignore[arg-type]


def told(lines: list[dict[str, object]], **capabilities: bool) -> dict[str, Known]:
    return {str(each.name): each.known for each in abilities(lines, capabilities)}


def test_a_card_of_nothing_says_that_nothing_is_known() -> None:
    assert told([]) == dict.fromkeys(ALWAYS, Known.UNKNOWN)


def test_what_was_seen_stands_above_what_the_service_says() -> None:
    seen = [line(can=("chat",)), line(cannot=("image_input",))]
    card = told(seen, image_input=True, tools=False, chat=False)
    assert (card["Chat"], card["Image input"], card["Tools"]) == (Known.YES, Known.NO, Known.NO)


def test_what_another_model_can_is_told_with_its_name_and_is_not_this_one_s() -> None:
    lines = [line(can=("embeddings",), of="bge-m3")]
    [embeddings] = [each for each in abilities(lines, {}) if each.known == Known.YES]
    assert (str(embeddings.name), embeddings.of) == ("Embeddings", "bge-m3")
    assert own_abilities(lines) == {}


def test_a_card_of_an_older_check_can_be_read() -> None:
    assert told([{"name": "Chat", "can": ["chat", "levitation"]}])["Chat"] == Known.YES


@pytest.mark.parametrize("name", CAPABILITIES)
def test_whatever_a_service_says_of_a_model_has_a_name(name: str) -> None:
    assert name in NAMES


@pytest.mark.parametrize("known", Known)
def test_each_state_has_a_word_of_its_own(known: Known) -> None:
    with translation.override("en"):
        assert str(known.word)
        assert len({str(each.word) for each in Known}) == 3
