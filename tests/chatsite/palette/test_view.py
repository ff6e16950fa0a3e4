"""The palette: what it finds, for whom, and how it is without scripts."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.models import User
from providers.models import Provider
from tests.chats import a_conversation, a_model
from tests.library import a_preset
from tests.people import may_own_providers

HTMX = {"HX-Request": "true"}
CHINESE = {"Accept-Language": "zh-CN"}
MOST_QUERIES = 8


def found(client: Client, headers: dict[str, str] | None = None, **query: str) -> str:
    return client.get("/palette/", query, headers={**HTMX, **(headers or {})}).content.decode()


def test_a_chat_is_found_by_words_of_its_title(as_olivia: Client, olivia: User) -> None:
    wanted, other = a_conversation(olivia, "Bread with rye"), a_conversation(olivia, "Fields")
    page = found(as_olivia, q="rye bread")
    assert f'href="{wanted.get_absolute_url()}"' in page
    assert other.get_absolute_url() not in page


def test_without_words_it_begins_with_the_chats_before_this_one(
    as_olivia: Client, olivia: User
) -> None:
    before, shown = a_conversation(olivia, "Before"), a_conversation(olivia, "Shown")
    page = found(as_olivia, chat=str(shown.pk))
    assert page.index(before.get_absolute_url()) < page.index("New chat")
    assert f'class="option" dir="auto" href="{shown.get_absolute_url()}"' not in page


def test_a_stranger_finds_no_chat_and_no_model_of_others(as_sam: Client, olivia: User) -> None:
    a_conversation(olivia, "Secret bread")
    own = Provider.objects.create(name="Secret", base_url="https://a.test/v1", owner=olivia)
    own.models.create(model_id="secret-model")
    assert "option" not in found(as_sam, q="secret")


def test_a_stranger_s_chat_is_as_one_that_never_was(as_sam: Client, olivia: User) -> None:
    hers = a_conversation(olivia, "Secret bread")
    page, nothing = found(as_sam, chat=str(hers.pk)), found(as_sam, chat=str(uuid4()))
    assert page == nothing
    assert "Delete this chat" not in page


def test_what_was_deleted_is_not_found(as_olivia: Client, olivia: User) -> None:
    gone = a_conversation(olivia, "Bread")
    gone.delete_softly()
    assert gone.get_absolute_url() not in found(as_olivia, q="bread", chat=str(gone.pk))


def test_a_chat_of_one_s_own_can_be_renamed_and_deleted(as_olivia: Client, olivia: User) -> None:
    address = a_conversation(olivia).get_absolute_url()
    page = found(as_olivia, chat=address.split("/")[2])
    assert f'formaction="{address}delete/"' in page
    assert f'href="{address}options/"' in page


def test_a_model_leads_to_the_chat_with_it_picked(as_olivia: Client, olivia: User) -> None:
    model, shown = a_model(model_id="scripted-large"), a_conversation(olivia)
    assert f'href="/?model={model.pk}"' in found(as_olivia, q="large")
    address = shown.get_absolute_url()
    assert f'href="{address}?model={model.pk}"' in found(as_olivia, q="large", chat=str(shown.pk))


@pytest.mark.parametrize("headers", [{}, CHINESE])
def test_a_command_is_found_by_its_english_name_in_every_language(
    as_olivia: Client, headers: dict[str, str]
) -> None:
    page = found(as_olivia, headers, q="dark THEME")
    assert 'value="dark"' in page
    assert 'value="light"' not in page


def test_a_language_is_found_by_its_name_in_either(as_olivia: Client) -> None:
    for query in ("中文", "chinese"):
        assert 'value="zh-hans"' in found(as_olivia, q=query)


def test_rights_decide_what_is_offered(as_olivia: Client, olivia: User, as_ada: Client) -> None:
    assert ("/providers/" in found(as_olivia), "/admin/" in found(as_olivia)) == (False, False)
    may_own_providers(olivia)
    assert "/providers/" in found(as_olivia)
    assert "/admin/" in found(as_ada)


def test_a_chat_is_begun_with_a_preset_of_one_s_own_or_the_site_s(
    as_olivia: Client, as_sam: Client, olivia: User
) -> None:
    hers, sites = a_preset(olivia, "Bread tutor"), a_preset(None, "Bread critic")
    page, strangers = found(as_olivia, q="bread"), found(as_sam, q="bread")
    assert "New chat: Bread tutor" in page
    assert hers.start_url in page
    assert sites.start_url in strangers
    assert "tutor" not in strangers


def test_without_words_only_some_presets_are_offered(as_olivia: Client, olivia: User) -> None:
    for number in range(20):
        a_preset(olivia, f"preset {number:02}")
    assert found(as_olivia).count("/?preset=") == 5
    assert "preset 19" in found(as_olivia, q="new chat preset 19")


def test_a_key_is_told_beside_what_it_does(as_olivia: Client, olivia: User) -> None:
    olivia.shortcuts = {"copy": "Mod+Alt+c", "search": ""}
    olivia.save()
    page = found(as_olivia)
    assert '<kbd aria-hidden="true">Ctrl+Alt+C</kbd>' in page
    assert '<kbd aria-hidden="true">/</kbd>' not in page


def test_it_costs_few_queries_however_much_there_is(as_olivia: Client, olivia: User) -> None:
    for number in range(20):
        a_conversation(olivia, f"chat {number}")
        a_model(model_id=f"model {number}")
    for query in ("", "chat", "model"):
        with CaptureQueriesContext(connection) as queries:
            found(as_olivia, q=query)
        assert len(queries) <= MOST_QUERIES


@pytest.mark.parametrize("query", ["q=%00", "q=%25%25", "chat=x", "q=" + "a+" * 500])
def test_odd_queries_get_a_page(as_olivia: Client, query: str) -> None:
    assert as_olivia.get(f"/palette/?{query}").status_code == 200


def test_nobody_is_led_to_the_log_in(client: Client, db: None) -> None:
    assert client.get("/palette/?q=a")["Location"].startswith("/accounts/login/")
    assert client.get("/palette/", headers=HTMX).status_code == 401
