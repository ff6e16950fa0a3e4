import pytest
from django.db import IntegrityError

from chatsite.models import User
from providers.models import Model, Provider, UserDefault
from providers.picking import pick_model, remember_default
from tests.chats import a_model
from tests.people import may_own_providers


@pytest.fixture
def first(db: None) -> Model:
    """What would be asked if nobody had said anything."""
    return a_model(model_id="first")


@pytest.fixture
def second(first: Model) -> Model:
    return a_model(model_id="second", position=5)


def test_without_a_default_the_first_is_asked(olivia: User, first: Model, second: Model) -> None:
    assert pick_model(olivia, "") == first


def test_the_sites_default_is_asked_before_the_first(olivia: User, second: Model) -> None:
    Model.objects.make_default(second)
    assert pick_model(olivia, "") == second


def test_what_a_user_picked_goes_before_the_sites_default(
    olivia: User, sam: User, first: Model, second: Model
) -> None:
    Model.objects.make_default(first)
    remember_default(olivia, second)
    assert (pick_model(olivia, ""), pick_model(sam, "")) == (second, first)


def test_who_picks_again_has_the_last_one(olivia: User, first: Model, second: Model) -> None:
    remember_default(olivia, second)
    remember_default(olivia, first)
    assert UserDefault.objects.get().model == first


@pytest.mark.parametrize(
    "gone", [{"enabled": False}, {"vanished_at": "2026-01-01T00:00Z"}], ids=["disabled", "vanished"]
)
def test_a_default_that_is_not_offered_is_passed_over(
    olivia: User, first: Model, second: Model, gone: dict[str, object]
) -> None:
    Model.objects.make_default(second)
    remember_default(olivia, second)
    Model.objects.filter(pk=second.pk).update(**gone)
    assert pick_model(olivia, "") == first


def test_a_default_in_a_strangers_provider_is_passed_over(
    olivia: User, sam: User, first: Model
) -> None:
    may_own_providers(sam)
    own = Provider.objects.create(name="Sam's", base_url="http://127.0.0.1:9/v1", owner=sam)
    model = Model.objects.create(provider=own, model_id="own", is_default=True)
    remember_default(olivia, model)
    assert pick_model(olivia, "") == first
    assert pick_model(sam, "") == model


def test_one_model_at_most_is_the_sites_default(first: Model, second: Model) -> None:
    Model.objects.make_default(first)
    Model.objects.make_default(second)
    assert Model.objects.get(is_default=True) == second
    with pytest.raises(IntegrityError):
        Model.objects.update(is_default=True)


def test_a_model_that_is_named_goes_before_every_default(
    olivia: User, first: Model, second: Model
) -> None:
    Model.objects.make_default(second)
    assert pick_model(olivia, "first") == first
