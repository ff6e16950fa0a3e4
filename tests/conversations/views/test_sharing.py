"""The pages of those who share, and who may do what to a share."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations import sharing
from conversations.models import Conversation, Share
from tests.chats import a_conversation
from tests.shares import a_share

PASSWORD = "open sesame"


@pytest.fixture
def chat(olivia: User) -> Conversation:
    return a_conversation(olivia, "On lamps", turns=1)


def make(client: Client, chat: Conversation, **fields: str) -> Share:
    response = client.post(f"/c/{chat.pk}/share/", {"expires": "30", **fields})
    assert response.status_code == 302, response.text
    return Share.objects.latest("created_at")


def test_sharing_shows_the_address(as_olivia: Client, chat: Conversation) -> None:
    shared = make(as_olivia, chat)
    page = as_olivia.get(f"/c/{chat.pk}/share/").text
    assert f"http://testserver/s/{shared.token}/" in page
    assert "The chat is shared." in page


@pytest.mark.parametrize("days", ["1", "7", "30", "365"])
def test_it_ends_after_the_chosen_time(as_olivia: Client, chat: Conversation, days: str) -> None:
    expires_at = make(as_olivia, chat, expires=days).expires_at
    assert expires_at
    assert abs(expires_at - timezone.now() - timedelta(days=int(days))) < timedelta(minutes=1)


def test_it_may_have_no_end(as_olivia: Client, chat: Conversation) -> None:
    assert make(as_olivia, chat, expires="").expires_at is None


def test_its_password_is_kept_as_a_hash(as_olivia: Client, chat: Conversation) -> None:
    shared = make(as_olivia, chat, password=PASSWORD)
    assert shared.password
    assert PASSWORD not in shared.password
    assert PASSWORD not in as_olivia.get("/shared/").text


@pytest.mark.parametrize("fields", [{"password": "short"}, {"expires": "9999"}], ids=str)
def test_what_cannot_be_is_refused_with_words(
    as_olivia: Client, chat: Conversation, fields: dict[str, str]
) -> None:
    response = as_olivia.post(f"/c/{chat.pk}/share/", fields)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert not Share.objects.exists()


def test_too_many_are_refused_with_words(
    as_olivia: Client, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MOST_SHARES", 1)
    make(as_olivia, chat)
    response = as_olivia.post(f"/c/{chat.pk}/share/", {"expires": "1"})
    assert response.status_code == 422
    assert "Revoke one" in response.text


def test_the_list_has_all_of_them_and_where_they_come_from(as_olivia: Client, olivia: User) -> None:
    shares = [a_share(olivia, f"Chat {number}") for number in range(3)]
    page = as_olivia.get("/shared/").text
    assert all(f"/s/{each.token}/" in page for each in shares)
    assert all(f'href="/c/{each.conversation_id}/share/"' in page for each in shares)


def test_a_title_is_only_text(as_olivia: Client, olivia: User) -> None:
    a_share(olivia, "<b>Lamps</b>")
    assert "<b>Lamps" not in as_olivia.get("/shared/").text


def test_one_whose_time_is_over_says_so(as_olivia: Client, olivia: User) -> None:
    shared = a_share(olivia, days=1)
    Share.objects.update(expires_at=timezone.now() - timedelta(days=1))
    page = as_olivia.get("/shared/").text
    assert "Its time is over" in page
    assert f"/s/{shared.token}/" not in page


def test_revoked_nothing_of_it_is_left(as_olivia: Client, client: Client, olivia: User) -> None:
    shared = a_share(olivia)
    as_olivia.post(f"/shared/{shared.pk}/revoke/")
    assert client.get(f"/s/{shared.token}/").status_code == 404
    assert not Share.objects.exists()


def test_each_button_leads_back_to_its_page(as_olivia: Client, olivia: User) -> None:
    shared = a_share(olivia)
    update = f"/shared/{shared.pk}/update/"
    here = f"/c/{shared.conversation_id}/share/"
    assert as_olivia.post(update, {"place": "chat"})["Location"] == here
    assert as_olivia.post(update)["Location"] == "/shared/"


@pytest.mark.parametrize("act", ["update", "revoke"])
def test_a_stranger_does_nothing_to_it(as_sam: Client, olivia: User, act: str) -> None:
    shared = a_share(olivia)
    before = Share.objects.values().get()
    assert as_sam.post(f"/shared/{shared.pk}/{act}/").status_code == 404
    assert as_sam.post(f"/shared/{uuid4()}/{act}/").status_code == 404
    assert Share.objects.values().get() == before


def test_a_stranger_shares_nothing_of_anybody(as_sam: Client, chat: Conversation) -> None:
    address = f"/c/{chat.pk}/share/"
    assert as_sam.get(address).status_code == 404
    assert as_sam.post(address, {"expires": "1"}).status_code == 404
    assert not Share.objects.exists()


def test_a_stranger_sees_no_share_in_the_list(as_sam: Client, olivia: User) -> None:
    shared = a_share(olivia, "Olivia's")
    page = as_sam.get("/shared/").text
    assert shared.token not in page
    assert "You share nothing." in page


def test_nobody_is_led_to_the_log_in(client: Client, chat: Conversation) -> None:
    for address in ("/shared/", f"/c/{chat.pk}/share/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_where_the_site_shares_nothing_there_are_no_such_pages(
    as_olivia: Client, olivia: User, settings: Settings
) -> None:
    shared = a_share(olivia)
    settings.SHARING = False
    for address in ("/shared/", f"/c/{shared.conversation_id}/share/"):
        assert as_olivia.get(address).status_code == 404
    page = as_olivia.get(f"/c/{shared.conversation_id}/").text
    assert "/share" not in page


def test_the_header_and_the_account_menu_lead_there(as_olivia: Client, chat: Conversation) -> None:
    page = as_olivia.get(f"/c/{chat.pk}/").text
    assert f'href="/c/{chat.pk}/share/"' in page
    assert 'href="/shared/"' in page


def test_the_list_costs_the_same_whatever_its_length(
    as_olivia: Client, olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        a_share(olivia)
        with django_assert_num_queries(3):
            as_olivia.get("/shared/")
