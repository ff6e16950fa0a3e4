"""The models of a user's own provider: offered or not, named, put in order, added by hand."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from providers.catalogue import store
from providers.events import ModelInfo
from providers.models import Model, Provider


def address(provider: Provider) -> str:
    return f"/providers/{provider.pk}/models/"


def row(model: Model, **fields: str) -> dict[str, str]:
    """What the page posts of this model; `enabled=""` for a box without its tick."""
    filled = {"enabled": "on", "name": model.name, "position": str(model.position), **fields}
    ticked = {name: value for name, value in filled.items() if value or name != "enabled"}
    return {f"{model.pk}-{name}": value for name, value in ticked.items()}


def told(client: Client, provider: Provider, fields: dict[str, str]) -> str:
    response = client.post(address(provider), fields)
    assert response.status_code == 302
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def refused(client: Client, provider: Provider, fields: dict[str, str]) -> str:
    response = client.post(address(provider), fields)
    assert response.status_code == 422
    return response.content.decode()


@pytest.fixture
def one(own: Provider) -> Model:
    return own.models.create(model_id="one")


@pytest.fixture
def two(own: Provider) -> Model:
    return own.models.create(model_id="two")


def test_a_model_without_its_tick_is_not_offered_any_more(
    as_olivia: Client, owner: User, own: Provider, one: Model, two: Model
) -> None:
    assert "1 model is saved." in told(as_olivia, own, row(one, enabled="") | row(two))
    assert list(Model.objects.for_user(owner)) == [two]
    told(as_olivia, own, row(one) | row(two))
    assert Model.objects.for_user(owner).count() == 2


def test_models_are_renamed_and_put_in_order(
    as_olivia: Client, owner: User, own: Provider, one: Model, two: Model
) -> None:
    told(as_olivia, own, row(one, name=" 我的  模型 ", position="2") | row(two, position="-1"))
    assert [str(model) for model in Model.objects.for_user(owner)] == ["two", "我的 模型"]


def test_what_was_set_stays_when_the_list_is_fetched_again(
    as_olivia: Client, own: Provider, one: Model
) -> None:
    told(as_olivia, own, row(one, enabled="", name="Mine", position="7"))
    store(own, [ModelInfo(id="one", name="One")])
    one.refresh_from_db()
    assert (one.enabled, one.name, one.position) == (False, "Mine", 7)


@pytest.mark.parametrize("model_id", ["gpt-4o-at-work", "org/model: free 1", "通义千问", "x" * 255])
def test_a_model_that_no_list_has_is_added_by_hand_and_stays(
    as_olivia: Client, owner: User, own: Provider, model_id: str
) -> None:
    told(as_olivia, own, {"new-model_id": f" {model_id} ", "new-name": "Work"})
    store(own, [])
    assert Model.objects.for_user(owner).get().model_id == model_id


def test_one_that_vanished_is_brought_back_by_hand(
    as_olivia: Client, own: Provider, one: Model
) -> None:
    Model.objects.update(vanished_at=timezone.now(), enabled=False)
    told(as_olivia, own, {"new-model_id": "one", "new-name": "Back"})
    one.refresh_from_db()
    assert (one.by_hand, one.enabled, one.vanished_at, one.name) == (True, True, None, "Back")


def test_what_is_in_the_list_is_not_added_again(
    as_olivia: Client, own: Provider, one: Model
) -> None:
    assert "is in the list already" in refused(as_olivia, own, {"new-model_id": "one"})


@pytest.mark.parametrize(
    ("name", "shown"),
    [("", "one"), (" \t\u3000 ", "one"), ("\u200b\u202e", "one"), ("名" * 255, "名" * 255)],
    ids=["empty", "blanks", "nothing to see", "long"],
)
def test_a_name_with_nothing_to_see_is_none(
    as_olivia: Client, own: Provider, one: Model, name: str, shown: str
) -> None:
    told(as_olivia, own, row(one, name=name))
    one.refresh_from_db()
    assert str(one) == shown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "x" * 256}, "at most 255 characters"),
        ({"name": "a\x00b"}, "Null characters are not allowed"),
        ({"position": "1000001"}, "less than or equal to 1000000"),
        ({"position": "9" * 5000}, "Enter a whole number"),
        ({"position": "first"}, "Enter a whole number"),
        ({"position": ""}, "This field is required"),
    ],
    ids=["long", "null", "too far", "huge", "word", "none"],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_stored(
    as_olivia: Client, own: Provider, one: Model, two: Model, fields: dict[str, str], words: str
) -> None:
    page = refused(as_olivia, own, row(one, **fields) | row(two, name="Typed"))
    assert words in page
    assert "Nothing is saved yet." in page
    assert 'value="Typed"' in page
    assert not Model.objects.exclude(name="").exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"new-model_id": "x" * 256}, "at most 255 characters"),
        ({"new-model_id": "\u200b"}, "Enter the id by which the service knows the model."),
        ({"new-name": "Only a name"}, "This field is required"),
    ],
    ids=["long", "nothing to see", "none"],
)
def test_an_id_that_cannot_be_is_refused_in_words(
    as_olivia: Client, own: Provider, fields: dict[str, str], words: str
) -> None:
    assert words in refused(as_olivia, own, fields)
    assert not Model.objects.exists()


def test_another_providers_models_are_left_alone(
    as_olivia: Client, own: Provider, provider: Provider
) -> None:
    foreign = provider.models.create(model_id="foreign")
    assert "Nothing was changed." in told(as_olivia, own, row(foreign, name="Mine now"))
    assert not Model.objects.filter(name="Mine now").exists()


def test_the_page_that_was_open_comes_back(as_olivia: Client, own: Provider) -> None:
    Model.objects.bulk_create(Model(provider=own, model_id=f"m-{n:03}") for n in range(120))
    there = as_olivia.post(f"{address(own)}?page=2", {})["Location"]
    assert there == f"/providers/{own.pk}/?page=2"
    assert "m-050" in as_olivia.get(there).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_a_whole_page_is_saved_with_as_many_queries_as_one_row(
    as_olivia: Client, own: Provider, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    models = [Model(provider=own, model_id=f"m{number}") for number in range(count)]
    Model.objects.bulk_create(models)
    posted = {k: v for model in models for k, v in row(model, name="n", position="3").items()}
    with django_assert_num_queries(11):
        as_olivia.post(address(own), {**posted, "new-model_id": "more", "new-name": ""})
    assert Model.objects.filter(name="n", position=3).count() == count
