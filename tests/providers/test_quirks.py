from datetime import timedelta

import pytest
from django.utils import timezone

from providers.adaptation import Adaptation
from providers.models import Model, Provider
from providers.quirks import BELIEVED, forget, known_of, learn

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
    model.learnt, model.learnt_at = ["of_tomorrow", KNOWN], timezone.now()
    assert known_of(model) == {KNOWN}


def test_what_was_learnt_long_ago_is_tried_anew(model: Model) -> None:
    learn(model, [Adaptation.NO_TEMPERATURE])
    Model.objects.update(learnt_at=timezone.now() - BELIEVED - timedelta(seconds=1))
    model.refresh_from_db()
    assert known_of(model) == set()
    learn(model, [Adaptation.NO_TOP_P])
    model.refresh_from_db()
    assert known_of(model) == {Adaptation.NO_TOP_P}


def test_what_is_forgotten_is_known_no_longer(model: Model) -> None:
    learn(model, [Adaptation.NO_TEMPERATURE])
    forget(Model.objects.all())
    model.refresh_from_db()
    assert known_of(model) == set()


def test_another_address_has_taught_nothing_yet(model: Model) -> None:
    learn(model, [Adaptation.NO_TEMPERATURE])
    model.provider.move_to("https://elsewhere.example/v1")
    model.refresh_from_db()
    assert known_of(model) == set()


def test_the_same_address_again_is_no_move(model: Model) -> None:
    learn(model, [Adaptation.NO_TEMPERATURE])
    model.provider.move_to(model.provider.base_url)
    model.refresh_from_db()
    assert known_of(model) == {Adaptation.NO_TEMPERATURE}
