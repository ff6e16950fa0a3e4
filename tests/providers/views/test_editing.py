"""A user's own providers, entered, changed and deleted on pages of the site."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from chatsite.models import User
from providers.models import Model, Provider
from providers.views.editing import MOST_PROVIDERS
from tests.upstream import Upstream, error, models

CANARY = "sk-canary-0123456789-WXYZ"
NEW = "/providers/new/"


def page_of(provider: Provider) -> str:
    return f"/providers/{provider.pk}/"


def form(provider: Provider, **fields: str) -> dict[str, str]:
    kept = {"name": provider.name, "base_url": provider.base_url, "enabled": "on"}
    return {**kept, "route_order": "fastest", **fields}


def told(client: Client, address: str, fields: dict[str, str]) -> str:
    """What the user is told on the page after this one."""
    response = client.post(address, fields)
    assert response.status_code == 302
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_what_is_entered_is_the_owners_and_its_models_are_offered(
    as_olivia: Client, owner: User, service: Upstream, settings: Settings
) -> None:
    settings.ALLOWED_PRIVATE_UPSTREAMS = ("127.0.0.1",)
    service.script(models("one", "two"))
    entered = {"name": "Mine", "base_url": service.base_url, "key": CANARY, "enabled": "on"}
    assert "2 models are listed" in told(as_olivia, NEW, {**entered, "route_order": "fixed"})
    assert Provider.objects.get().owner == owner
    assert Model.objects.for_user(owner).count() == 2
    assert service.journal[0].headers["authorization"] == f"Bearer {CANARY}"


def test_the_owner_is_not_for_the_form_to_say(
    as_olivia: Client, sam: User, own: Provider, service: Upstream
) -> None:
    as_olivia.post(page_of(own), form(own, owner=str(sam.pk), proxy="http://10.0.0.1:3128"))
    own.refresh_from_db()
    assert (own.owner and own.owner.username, own.proxy) == ("olivia", "")


def test_the_base_url_is_shown_as_it_will_be_used(as_olivia: Client, own: Provider) -> None:
    pasted = f" {own.base_url}/chat/completions/ "
    said = told(as_olivia, page_of(own), form(own, base_url=pasted))
    assert f"The base URL is used as {own.base_url}" in said
    assert f"Requests go to <code>{own.base_url}</code>" in (
        as_olivia.get(page_of(own)).content.decode()
    )


def test_a_key_is_shown_by_its_end_alone(as_olivia: Client, own: Provider) -> None:
    own.set_key(CANARY)
    for address in ("/providers/", page_of(own), f"{page_of(own)}delete/"):
        page = as_olivia.get(address).content.decode()
        assert "canary" not in page
        assert ("…WXYZ" in page) is ("delete" not in address)


def test_the_form_says_when_a_key_is_dropped(as_olivia: Client, own: Provider) -> None:
    own.set_key(CANARY)
    words = "Keys are dropped when the address moves to another host."
    assert words in as_olivia.get(page_of(own)).content.decode()


def test_the_key_does_not_follow_to_another_host(as_olivia: Client, own: Provider) -> None:
    own.set_key(CANARY)
    as_olivia.post(page_of(own), form(own, base_url="https://elsewhere.invalid"))
    own.refresh_from_db()
    assert (own.base_url, own.keys.count()) == ("https://elsewhere.invalid/v1", 0)


def test_a_refused_form_keeps_what_was_typed_but_the_key(as_olivia: Client, own: Provider) -> None:
    response = as_olivia.post(page_of(own), form(own, name="Typed", base_url="ftp://x", key=CANARY))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="Typed"' in page
    assert "canary" not in page


def test_two_of_one_name_are_refused_in_words(as_olivia: Client, own: Provider) -> None:
    response = as_olivia.post(NEW, form(own))
    assert response.status_code == 422
    assert "You have a provider of this name already." in response.content.decode()


def test_another_users_names_are_free(as_ada: Client, own: Provider, service: Upstream) -> None:
    assert as_ada.post(NEW, form(own)).status_code == 302
    assert Provider.objects.filter(name="Mine").count() == 2


def test_a_save_that_changes_no_address_asks_no_service(
    as_olivia: Client, own: Provider, service: Upstream
) -> None:
    assert "is saved" in told(as_olivia, page_of(own), form(own, name="Renamed"))
    assert service.journal == []


def test_a_refused_key_is_the_owners_to_enter_again(
    as_olivia: Client, own: Provider, service: Upstream
) -> None:
    service.script(error(401, "no such key"))
    said = told(as_olivia, page_of(own), form(own, key=CANARY))
    assert "The service refused the key. Enter it again." in said
    assert "administrator" not in said


def test_deleting_asks_first(as_olivia: Client, own: Provider) -> None:
    assert "cannot be undone" in as_olivia.get(f"{page_of(own)}delete/").content.decode()
    assert "was deleted" in told(as_olivia, f"{page_of(own)}delete/", {})
    assert not Provider.objects.exists()


def test_a_user_has_only_so_many(as_olivia: Client, owner: User) -> None:
    Provider.objects.bulk_create(
        Provider(name=str(n), base_url="https://x.invalid/v1", owner=owner)
        for n in range(MOST_PROVIDERS)
    )
    assert as_olivia.get(NEW)["Location"] == "/providers/"
    assert "as many as one user may have" in as_olivia.get("/providers/").content.decode()


@pytest.mark.parametrize("count", [1, 15])
def test_the_list_asks_as_much_for_many_as_for_one(
    as_olivia: Client, owner: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        Provider.objects.create(name=str(number), base_url="https://x/v1", owner=owner).set_key("k")
    with django_assert_num_queries(5):
        as_olivia.get("/providers/")


def test_ten_thousand_models_are_shown_page_by_page(
    as_olivia: Client, own: Provider, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Model.objects.bulk_create(Model(provider=own, model_id=f"m-{n:05}") for n in range(10_000))
    with django_assert_num_queries(7):
        last = as_olivia.get(page_of(own), {"page": "200"}).content.decode()
    assert "10,000 models" in last or "10000 models" in last
    assert "m-09999" in last
    assert len(last) < 60_000


@pytest.mark.parametrize("page", ["0", "-1", "9" * 5000, "x", "٣", ""])
def test_a_page_that_is_none_is_another(as_olivia: Client, own: Provider, page: str) -> None:
    assert as_olivia.get(page_of(own), {"page": page}).status_code == 200


def test_a_model_is_shown_whatever_it_is_called(
    as_olivia: Client, own: Provider, service: Upstream
) -> None:
    ids = ["org/model:free", "a model", "通义千问", "<b>bold</b>", "x" * 300, "a/../b?c#d"]
    service.script(models(*ids))
    as_olivia.post(f"{page_of(own)}fetch/")
    page = as_olivia.get(page_of(own)).content.decode()
    assert all(each in page for each in ["org/model:free", "a model", "通义千问", "a/../b?c#d"])
    assert "<b>" not in page


def test_the_pages_hold_no_script_and_name_one(as_olivia: Client, own: Provider) -> None:
    for address in ("/providers/", NEW, page_of(own), f"{page_of(own)}delete/"):
        page = as_olivia.get(address).content.decode()
        told = '<script type="module" src="/static/js/slow.js"></script>'
        assert page.count(told) == 1
        assert not re.findall(r"<script|<style|\son\w+=|\sstyle=", page.replace(told, "")), address
