import pytest

from providers.adaptation import Adaptation
from providers.adaptation_words import WORDS, sentences, withheld
from providers.parameter_form import ParameterForm


def test_every_adaptation_has_words_of_its_own() -> None:
    assert len(sentences(list(Adaptation))) == len({str(words) for words in WORDS.values()})
    assert set(WORDS) == set(Adaptation)


def test_what_is_withheld_is_told_of_fields_that_the_form_has() -> None:
    assert withheld(list(Adaptation), "m").keys() <= ParameterForm.base_fields.keys()


@pytest.mark.parametrize(
    ("adaptation", "told"),
    [
        (Adaptation.NO_SEED, {"seed": "Not sent to m, whose service refuses it."}),
        (Adaptation.NO_JSON_OBJECT, {"response_format": "JSON is asked for only with a schema."}),
        (Adaptation.RANDOM_SEED, {}),
    ],
)
def test_only_what_is_not_sent_as_it_is_set_is_told(
    adaptation: Adaptation, told: dict[str, str]
) -> None:
    assert withheld([adaptation], "m") == told
