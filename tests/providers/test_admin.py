import asyncio
import base64
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from chatsite.models import User
from providers.adaptation import Adaptation
from providers.admin import ModelAdmin
from providers.models import Call, Key, Model, Provider, Source
from providers.quirks import learn
from tests.providers.streamed import read, whole
from tests.upstream import HANG, Upstream, error, models, response

PRICE_FIELDS = ("input_price", "cached_input_price", "output_price")
CANARY = "sk-canary-0123456789-WXYZ"
LIST = "/admin/providers/provider/"
ADD = f"{LIST}add/"
EVERY_SPELLING = ("canary", base64.b64encode(b"sk-canary").decode()[:10], CANARY[:-4])


@pytest.fixture
def keyed(provider: Provider) -> Provider:
    provider.set_key(CANARY)
    provider.save()
    return provider


@pytest.fixture
def clerk(db: None) -> Client:
    """May look at providers and change nothing."""
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_provider"))
    client = Client()
    client.force_login(user)
    return client


def page_of(provider: Provider) -> str:
    return f"{LIST}{provider.pk}/change/"


def fetch_of(provider: Provider) -> str:
    return reverse("admin:providers_provider_fetch", args=[provider.pk])


REST = {"owner": "", "route_order": "fastest"}


def form(provider: Provider, **fields: str) -> dict[str, str]:
    kept = {"name": provider.name, "base_url": provider.base_url, "enabled": "on", **REST}
    return {**kept, "key": "", **fields}


def fetched(client: Client, provider: Provider) -> str:
    """What the administrator is told after the button."""
    response = client.post(fetch_of(provider))
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_stored_key_is_on_no_page(as_ada: Client, keyed: Provider) -> None:
    history = f"{LIST}{keyed.pk}/history/"
    for address in (LIST, page_of(keyed), history, f"{LIST}{keyed.pk}/delete/"):
        page = as_ada.get(address).content.decode()
        assert not any(spelling in page for spelling in EVERY_SPELLING), address


def test_the_page_shows_how_the_key_ends(as_ada: Client, keyed: Provider) -> None:
    assert "WXYZ" in as_ada.get(page_of(keyed)).content.decode()


def test_a_key_comes_not_back_with_a_form_that_is_refused(as_ada: Client, keyed: Provider) -> None:
    page = as_ada.post(page_of(keyed), form(keyed, key=CANARY, base_url="ftp://x"))
    assert page.status_code == 200
    assert "canary" not in page.content.decode()


def test_a_key_is_in_no_log_entry(as_ada: Client, provider: Provider) -> None:
    as_ada.post(page_of(provider), form(provider, key=CANARY))
    assert "canary" not in as_ada.get(f"{LIST}{provider.pk}/history/").content.decode()


def test_an_empty_key_field_keeps_the_key(as_ada: Client, keyed: Provider) -> None:
    as_ada.post(page_of(keyed), form(keyed, name="Renamed"))
    keyed.refresh_from_db()
    assert (keyed.name, keyed.endpoints()[0].key) == ("Renamed", CANARY)


def test_a_new_key_replaces_the_old_one(as_ada: Client, keyed: Provider) -> None:
    as_ada.post(page_of(keyed), form(keyed, key=" sk-new \n"))
    keyed.refresh_from_db()
    assert keyed.endpoints()[0].key == "sk-new"


def test_the_key_does_not_follow_to_another_host(as_ada: Client, keyed: Provider) -> None:
    as_ada.post(page_of(keyed), form(keyed, base_url="https://evil.example/v1"))
    keyed.refresh_from_db()
    assert (keyed.base_url, keyed.endpoints()[0].key) == ("https://evil.example/v1", "")


def test_a_key_that_came_with_the_new_address_is_kept(as_ada: Client, keyed: Provider) -> None:
    as_ada.post(page_of(keyed), form(keyed, base_url="https://new.example", key="sk-new"))
    keyed.refresh_from_db()
    assert (keyed.base_url, keyed.endpoints()[0].key) == ("https://new.example/v1", "sk-new")


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("ftp://host/v1", "must begin with https://"),
        ("https://me:secret@host/v1", "Leave user names"),
        ("https://host/v1?key=1", "Leave everything after"),
    ],
    ids=["scheme", "credentials", "query"],
)
def test_an_address_that_cannot_be_asked_is_refused_in_words(
    as_ada: Client, provider: Provider, base_url: str, words: str
) -> None:
    page = as_ada.post(page_of(provider), form(provider, base_url=base_url))
    assert words in page.content.decode()


def test_a_key_with_other_than_plain_characters_is_refused(
    as_ada: Client, provider: Provider
) -> None:
    page = as_ada.post(page_of(provider), form(provider, key="sk-ключ"))
    assert "plain letters" in page.content.decode()


def test_two_site_wide_providers_of_one_name_are_refused_in_words(
    as_ada: Client, provider: Provider
) -> None:
    page = as_ada.post(ADD, form(provider))
    assert page.status_code == 200
    assert "There is a provider of this name already." in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_provider_that_is_added_has_its_models_at_once(as_ada: Client, service: Upstream) -> None:
    service.script(models("one", "two"))
    as_ada.post(
        ADD, {"name": "New", "base_url": service.base_url, "key": CANARY, "enabled": "on", **REST}
    )
    assert Model.objects.filter(provider__name="New").count() == 2
    assert service.journal[0].headers["authorization"] == f"Bearer {CANARY}"


def test_no_writer_waits_while_a_new_provider_is_asked(
    as_ada: Client, db: None, service: Upstream
) -> None:
    # The test itself is a transaction that is never committed.
    as_ada.post(
        ADD, {"name": "New", "base_url": service.base_url, "key": "", "enabled": "on", **REST}
    )
    assert service.journal == []


def test_the_button_fetches_the_models(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    service.script(models("one"))
    assert "1 model is listed" in fetched(as_ada, provider)
    assert provider.models.get().model_id == "one"


def test_the_list_fetches_the_models_of_the_chosen(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    service.script(models("one"))
    as_ada.post(LIST, {"action": "fetch_models", "_selected_action": str(provider.pk)})
    assert provider.models.get().model_id == "one"


def test_a_refusal_is_told_in_words_and_with_the_services_own(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    service.script(error(401, "no such key here"))
    said = fetched(as_ada, provider)
    assert "The service refused the key." in said
    assert "no such key here" in said


def test_a_wrong_base_url_is_told_with_the_one_to_try(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    provider.base_url = service.base_url.replace("/v1", "/panel")
    provider.save()
    service.script(response(200, "text/html", b"<!doctype html><title>Relay</title>"))
    assert f"Try {service.base_url} as the base URL." in fetched(as_ada, provider)


def test_what_a_service_says_is_escaped(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    service.script(error(401, "<script>alert(1)</script>"))
    page = as_ada.post(fetch_of(provider), follow=True).content.decode()
    assert "<script>alert" not in page


def test_a_service_that_says_the_key_back_shows_it_to_nobody(
    as_ada: Client, keyed: Provider, service: Upstream
) -> None:
    service.script(error(401, f"Incorrect API key provided: {CANARY}."))
    page = as_ada.post(fetch_of(keyed), follow=True).content.decode()
    assert "canary" not in page


def test_a_key_of_another_ring_is_told_in_words(as_ada: Client, provider: Provider) -> None:
    Key.objects.create(provider=provider, sealed=b"of another ring")
    assert "cannot be opened" in fetched(as_ada, provider)


def test_fetching_takes_a_post(as_ada: Client, provider: Provider) -> None:
    assert as_ada.get(fetch_of(provider)).status_code == 405


def test_fetching_takes_a_token(ada: User, provider: Provider) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    assert client.post(fetch_of(provider)).status_code == 403


def test_who_may_only_look_may_not_fetch(
    clerk: Client, provider: Provider, service: Upstream
) -> None:
    assert clerk.post(fetch_of(provider)).status_code == 403
    assert not service.journal


def test_a_user_without_office_is_sent_to_the_login(as_sam: Client, provider: Provider) -> None:
    for address in (LIST, page_of(provider), "/admin/providers/model/"):
        assert as_sam.get(address)["Location"].startswith("/admin/login/")


def test_who_may_only_look_sees_no_key_field(clerk: Client, keyed: Provider) -> None:
    page = clerk.get(page_of(keyed)).content.decode()
    assert 'name="key"' not in page
    assert "canary" not in page


def test_what_the_environment_sets_cannot_be_edited(as_ada: Client, provider: Provider) -> None:
    Provider.objects.update(source=Source.ENV)
    page = as_ada.get(page_of(provider)).content.decode()
    assert 'name="base_url"' not in page
    assert 'name="key"' not in page


def test_the_embedded_model_can_be_looked_at(as_ada: Client, provider: Provider) -> None:
    Provider.objects.update(source=Source.LOCAL)
    assert as_ada.get(page_of(provider)).status_code == 200
    assert as_ada.post(fetch_of(provider)).status_code == 403


@pytest.mark.parametrize("address", [LIST, ADD, "/admin/providers/model/"])
def test_the_pages_run_no_script_of_their_own(
    as_ada: Client, provider: Provider, address: str
) -> None:
    page = as_ada.get(address).content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", page)
    assert not re.findall(r"<style|\son\w+=|\sstyle=", page)


def test_models_are_ordered_and_switched_in_the_list(as_ada: Client, provider: Provider) -> None:
    model = Model.objects.create(provider=provider, model_id="one")
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "_save": "Save"}
    row = {"form-0-id": str(model.pk), "form-0-position": "3", "form-0-currency": "USD"}
    as_ada.post("/admin/providers/model/", {**rows, **row})
    model.refresh_from_db()
    assert (model.enabled, model.position) == (False, 3)


def test_a_whole_page_of_models_can_be_saved_at_once(as_ada: Client, provider: Provider) -> None:
    Model.objects.bulk_create(Model(provider=provider, model_id=f"m{n:05}") for n in range(10_000))
    rows = list(Model.objects.order_by("-pk")[: ModelAdmin.list_per_page])
    fields = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows))}
    for number, row in enumerate(rows):
        fields |= {f"form-{number}-id": str(row.pk), f"form-{number}-position": "7"}
        fields |= {f"form-{number}-enabled": "on", f"form-{number}-currency": "EUR"}
        fields |= {f"form-{number}-{price}": "1.5" for price in PRICE_FIELDS}
    chosen = {"_selected_action": [str(row.pk) for row in rows]}
    as_ada.post("/admin/providers/model/", {**fields, **chosen, "_save": "Save"})
    assert Model.objects.filter(position=7).count() == len(rows)


def test_the_list_of_models_asks_few_questions(
    as_ada: Client, provider: Provider, django_assert_max_num_queries: object
) -> None:
    Model.objects.bulk_create(Model(provider=provider, model_id=str(n)) for n in range(50))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        as_ada.get("/admin/providers/model/")


def checked(client: Client, provider: Provider, **fields: str) -> str:
    return read(client.post(f"{LIST}{provider.pk}/check/", fields))


@pytest.mark.django_db(transaction=True)
def test_the_doctor_tells_each_step_and_what_to_do(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    service.script(models("one"))
    service.script(error(402, "no credit"))
    page = checked(as_ada, provider, model="one")
    assert [sign in page for sign in ("step good", "step failed", "Top it up there")] == [True] * 3
    assert "No chat can be had yet." in page


@pytest.mark.django_db(transaction=True)
def test_at_the_end_of_a_check_stands_what_the_model_can(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    service.script(models("one"))
    page = checked(as_ada, provider, model="one")
    assert re.search(r"<dt>Chat</dt>\s*<dd>\s*yes", page)
    assert re.search(r"<dt>Image input</dt>\s*<dd>\s*not known", page)
    assert "Checked on" in page


def test_the_page_of_a_model_shows_its_card(as_ada: Client, provider: Provider) -> None:
    card = [{"name": "Chat", "can": ["chat"]}, {"name": "Image input", "cannot": ["image_input"]}]
    checked_at = datetime(2026, 3, 4, tzinfo=UTC)
    model = Model.objects.create(
        provider=provider, model_id="one", card=card, checked_at=checked_at
    )
    page = as_ada.get(f"/admin/providers/model/{model.pk}/change/").content.decode()
    assert re.search(r"<dt>Chat</dt>\s*<dd>\s*yes", page)
    assert re.search(r"<dt>Image input</dt>\s*<dd>\s*no\s", page)
    assert "Checked on March 4, 2026" in page


@pytest.fixture
def taught(provider: Provider) -> Model:
    """A model whose service refused the temperature."""
    model = Model.objects.create(provider=provider, model_id="taught")
    learn(model, [Adaptation.NO_TEMPERATURE])
    return model


def test_the_page_of_a_model_tells_what_is_not_sent_and_forgets_it(
    as_ada: Client, taught: Model
) -> None:
    address = f"/admin/providers/model/{taught.pk}/change/"
    page = as_ada.get(address).content.decode()
    assert "The temperature is not sent." in page
    assert f'value="{taught.pk}"' in page
    chosen = {"action": "forget_learnt", "_selected_action": str(taught.pk)}
    as_ada.post("/admin/providers/model/", chosen)
    assert "not sent" not in as_ada.get(address).content.decode()


@pytest.mark.parametrize(
    "moved", [{"base_url": "https://b.example/v1"}, {"further_base_urls": "https://b.example/v1"}]
)
def test_what_one_service_taught_is_not_kept_for_another(
    as_ada: Client, taught: Model, moved: dict[str, str]
) -> None:
    as_ada.post(page_of(taught.provider), form(taught.provider, **moved))
    taught.refresh_from_db()
    assert taught.learnt == []


def test_a_provider_that_stays_where_it_is_keeps_what_was_learnt(
    as_ada: Client, taught: Model
) -> None:
    as_ada.post(page_of(taught.provider), form(taught.provider, name="Renamed"))
    taught.refresh_from_db()
    assert (taught.provider.name, taught.learnt) == ("Renamed", ["no_temperature"])


@pytest.mark.django_db(transaction=True)
def test_whoever_leaves_the_page_ends_the_check(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    service.script(models("one"))
    service.script(HANG)
    response: Any = as_ada.post(f"{LIST}{provider.pk}/check/")
    asyncio.run(_leave(response, service))
    assert service.journal[-1].disconnected
    call = Call.objects.get()
    assert (call.outcome, call.user) == ("stopped", User.objects.get(username="ada"))


async def _leave(response: Any, service: Upstream) -> None:
    reading = asyncio.create_task(whole(response))
    while len(service.journal) < 2:
        await asyncio.sleep(0.01)
    reading.cancel()
    while not service.journal[-1].disconnected:
        await asyncio.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_what_a_service_says_to_the_doctor_is_escaped(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    service.script(error(401, "<script>alert(1)</script>"))
    assert "<script>alert" not in checked(as_ada, provider)


def test_who_has_no_office_is_shown_no_doctor(as_sam: Client, provider: Provider) -> None:
    response = as_sam.post(f"{LIST}{provider.pk}/check/")
    assert response["Location"].startswith("/admin/login/")


def test_the_ledger_cannot_be_changed(as_ada: Client, db: None) -> None:
    call = Call.objects.create(model_name="m", kind="chat", outcome="complete", seconds=1)
    address = f"/admin/providers/call/{call.pk}/"
    assert as_ada.get(f"{address}change/").status_code == 200
    assert as_ada.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def test_the_ledger_tells_times_to_the_hundredth(as_ada: Client, db: None) -> None:
    Call.objects.create(model_name="m", kind="chat", outcome="complete", seconds=1.23456)
    page = as_ada.get("/admin/providers/call/").content.decode()
    assert "1.23 s" in page
    assert "1.234" not in page


def test_a_price_entered_by_hand_is_marked_so(as_ada: Client, provider: Provider) -> None:
    model = Model.objects.create(provider=provider, model_id="m")
    fields = {"name": "", "position": "0", "input_price": "2", "currency": "USD", "enabled": "on"}
    as_ada.post(f"/admin/providers/model/{model.pk}/change/", fields)
    model.refresh_from_db()
    assert model.price_source == "admin"


def test_a_second_key_and_base_url_make_routes(as_ada: Client, keyed: Provider) -> None:
    more = {"key": CANARY, "further_key": "sk-second"}
    more["further_base_urls"] = "b.example\nc.example/v1 "
    as_ada.post(page_of(keyed), form(keyed, **more))
    keyed.refresh_from_db()
    assert keyed.base_urls[1:] == ["https://b.example/v1", "https://c.example/v1"]
    assert len(keyed.endpoints()) == 6


def test_no_key_goes_to_a_further_host_that_it_was_not_saved_for(
    as_ada: Client, keyed: Provider
) -> None:
    as_ada.post(page_of(keyed), form(keyed, further_base_urls="b.example"))
    assert not keyed.keys.exists()


def test_a_key_stays_with_further_addresses_of_its_host(as_ada: Client, keyed: Provider) -> None:
    as_ada.post(page_of(keyed), form(keyed, further_base_urls=f"{keyed.base_url}/v2"))
    assert keyed.keys.exists()


def test_a_user_s_own_provider_takes_no_proxy(as_ada: Client, ada: User, keyed: Provider) -> None:
    more = {"owner": str(ada.pk), "proxy": "http://10.0.0.1:3128"}
    page = as_ada.post(page_of(keyed), form(keyed, **more)).content.decode()
    assert "cannot have a proxy" in page


MODELS = "/admin/providers/model/"


def acted(client: Client, action: str, *chosen: Model) -> str:
    """What the administrator is told after the action."""
    rows = [str(model.pk) for model in chosen]
    response = client.post(MODELS, {"action": action, "_selected_action": rows})
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_failed_attempt_is_told_until_the_next_one(
    as_ada: Client, provider: Provider, service: Upstream
) -> None:
    service.script(error(401, "who are you"))
    fetched(as_ada, provider)
    for address in (LIST, page_of(provider)):
        assert "The service refused the key." in as_ada.get(address).content.decode()
    service.script(models("one"))
    fetched(as_ada, provider)
    assert "Without a problem." in as_ada.get(page_of(provider)).content.decode()


def test_a_model_is_entered_by_hand(as_ada: Client, provider: Provider) -> None:
    fields = {"provider": str(provider.pk), "model_id": "my/模型 1", "name": "", "position": "0"}
    as_ada.post(f"{MODELS}add/", {**fields, "currency": "USD", "enabled": "on"})
    assert Model.objects.offered().get(by_hand=True).model_id == "my/模型 1"


def test_a_model_is_entered_once(as_ada: Client, provider: Provider) -> None:
    Model.objects.create(provider=provider, model_id="m")
    fields = {"provider": str(provider.pk), "model_id": "m", "position": "0", "currency": "USD"}
    assert as_ada.post(f"{MODELS}add/", fields).status_code == 200
    assert Model.objects.count() == 1


def test_one_model_is_made_the_default(as_ada: Client, provider: Provider) -> None:
    one, two = (Model.objects.create(provider=provider, model_id=name) for name in ("1", "2"))
    acted(as_ada, "make_default", one)
    assert "New chats begin with 2." in acted(as_ada, "make_default", two)
    assert Model.objects.get(is_default=True) == two
    acted(as_ada, "make_none_default", two)
    assert not Model.objects.filter(is_default=True).exists()


def test_two_models_cannot_be_the_default(as_ada: Client, provider: Provider) -> None:
    two = [Model.objects.create(provider=provider, model_id=name) for name in ("1", "2")]
    assert "Choose one model only." in acted(as_ada, "make_default", *two)
    assert not Model.objects.filter(is_default=True).exists()


@pytest.mark.parametrize("is_own", [True, False], ids=["a user's own", "disabled"])
def test_what_is_not_offered_to_everybody_is_nobodys_default(
    as_ada: Client, provider: Provider, sam: User, is_own: bool
) -> None:
    Provider.objects.update(owner=sam if is_own else None)
    model = Model.objects.create(provider=provider, model_id="m", enabled=is_own)
    assert "not offered to everybody" in acted(as_ada, "make_default", model)
    assert not Model.objects.filter(is_default=True).exists()


def proxied(client: Client, provider: Provider, proxy: str, **fields: str) -> str:
    """The page after saving a proxy."""
    sent = form(provider, proxy=proxy, **fields)
    return client.post(page_of(provider), sent, follow=True).content.decode()


def test_a_proxy_s_login_is_sealed_and_on_no_page(as_ada: Client, provider: Provider) -> None:
    proxied(as_ada, provider, "http://me:s3cret@proxy.lan:3128")
    provider.refresh_from_db()
    assert (provider.proxy, b"s3cret" in provider.sealed_login) == ("http://proxy.lan:3128", False)
    page = as_ada.get(page_of(provider)).content.decode()
    assert ("http://proxy.lan:3128" in page, "s3cret" in page) == (True, False)
    assert provider.endpoints()[0].proxy == "http://me:s3cret@proxy.lan:3128"


@pytest.mark.parametrize(
    ("proxy", "used"),
    [
        ("http://proxy.lan:3128", "http://me:s3cret@proxy.lan:3128"),
        ("http://you:new@proxy.lan:3128", "http://you:new@proxy.lan:3128"),
        ("http://other.lan:3128", "http://other.lan:3128"),
        ("", ""),
    ],
    ids=["kept", "changed", "dropped", "no proxy"],
)
def test_a_proxy_s_login_stays_with_its_host(
    as_ada: Client, provider: Provider, proxy: str, used: str
) -> None:
    proxied(as_ada, provider, "http://me:s3cret@proxy.lan:3128")
    proxied(as_ada, provider, proxy)
    provider.refresh_from_db()
    assert provider.endpoints()[0].proxy == used


@pytest.mark.parametrize("proxy", ["http://me:s3cret@proxy.lan:3128", "http://me:s3cret@x.lan/y"])
def test_a_login_comes_not_back_with_a_form_that_is_refused(
    as_ada: Client, provider: Provider, proxy: str
) -> None:
    page = proxied(as_ada, provider, proxy, base_url="ftp://x")
    assert "The address must begin with https:// or http://" in page
    assert "s3cret" not in page


def test_a_price_is_entered_in_the_list_and_no_list_of_services_changes_it_then(
    as_ada: Client, provider: Provider
) -> None:
    model = Model.objects.create(provider=provider, model_id="one", price_source="known")
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "_save": "Save"}
    row = {"form-0-id": str(model.pk), "form-0-position": "0", "form-0-currency": "CNY"}
    as_ada.post("/admin/providers/model/", {**rows, **row, "form-0-input_price": "0.25"})
    model.refresh_from_db()
    assert (str(model.input_price), model.currency) == ("0.250000", "CNY")
    assert model.price_source == "admin"


def test_the_fields_of_the_list_have_names_and_prices_no_noughts(
    as_ada: Client, provider: Provider
) -> None:
    Model.objects.create(provider=provider, model_id="one", input_price="2.500000")
    page = as_ada.get("/admin/providers/model/").content.decode()
    assert 'value="2.5"' in page
    assert 'aria-label="Input price: one"' in page


def test_each_row_of_the_list_says_how_it_does_and_can_be_tested(
    as_ada: Client, provider: Provider
) -> None:
    model = Model.objects.create(provider=provider, model_id="one")
    Call.objects.create(
        model=model, model_name="one", kind="chat", outcome="failed", error_kind="auth", seconds=1
    )
    page = as_ada.get(LIST).content.decode()
    assert "The service refused the key." in page
    assert f'formaction="{LIST}{provider.pk}/check/"' in page


def test_the_list_of_providers_asks_few_questions(
    as_ada: Client, provider: Provider, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        Provider.objects.create(name=f"p{number}", base_url="https://x.test/v1")
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        as_ada.get(LIST)
