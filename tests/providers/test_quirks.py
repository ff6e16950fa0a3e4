import pytest

from providers.adaptation import Adaptation
from providers.models import Model, Provider
from providers.quirks import known_of, learn

KNOWN = Adaptation.NO_STREAM_OPTIONS


@pytest.fixture
def model(db: None) -> Model:
    provider = Provider.objects.create(name="Example", base_url="https://api.example.org/v1")
    return Model.objects.create(provider=provider, model_id="m")


def test_what_was_learnt_is_known_from_then_on(model: Model) -> None:
    learn(model, [Adaptation.NO_TEMPERATURE])
    model.refresh_from_db()
    assert known_of(model) == {Adaptation.NO_TEMPERATURE}


def test_what_was_learnt_last_replaces_its_opposite(model: Model) -> None:
    learn(model, [Adaptation.DEVELOPER_ROLE])
    learn(model, [Adaptation.SYSTEM_ROLE])
    model.refresh_from_db()
    assert known_of(model) == {Adaptation.SYSTEM_ROLE}


def test_of_some_services_it_is_known_beforehand(db: None) -> None:
    provider = Provider.objects.create(name="Mistral", base_url="https://api.mistral.ai/v1")
    assert KNOWN in known_of(Model(provider=provider, model_id="mistral-large-latest"))


def test_a_name_of_a_later_version_is_passed_over(model: Model) -> None:
    model.learnt = ["of_tomorrow", KNOWN]
    assert known_of(model) == {KNOWN}
