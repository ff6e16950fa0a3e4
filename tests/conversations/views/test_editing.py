import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Conversation
from tests.chats import a_conversation

HTMX = {"HX-Request": "true"}


@pytest.fixture
def conversation(olivia: User) -> Conversation:
    return a_conversation(olivia, "Old title", turns=1)


def test_a_conversation_can_be_renamed(as_olivia: Client, conversation: Conversation) -> None:
    as_olivia.post(f"/c/{conversation.pk}/title/", {"title": "New <title>"})
    assert Conversation.objects.get().title == "New <title>"


@pytest.mark.parametrize("title", ["", "   ", "x" * 121, "a\x00b"])
def test_a_title_that_cannot_be_is_refused_with_words(
    as_olivia: Client, conversation: Conversation, title: str
) -> None:
    response = as_olivia.post(f"/c/{conversation.pk}/title/", {"title": title}, headers=HTMX)
    assert (response.status_code, Conversation.objects.get().title) == (422, "Old title")
    assert 'role="alert"' in response.content.decode()


def test_a_refused_title_is_told_in_a_page_without_javascript(
    as_olivia: Client, conversation: Conversation
) -> None:
    response = as_olivia.post(f"/c/{conversation.pk}/title/", {"title": "  "})
    page = response.content.decode()
    assert (response.status_code, "A title needs at least one character." in page) == (422, True)
    assert f'href="{conversation.get_absolute_url()}"' in page


def test_a_renamed_row_takes_its_own_place_and_no_list_is_sent(
    as_olivia: Client, conversation: Conversation
) -> None:
    response = as_olivia.post(f"/c/{conversation.pk}/title/", {"title": "New"}, headers=HTMX)
    page = response.content.decode()
    assert f'hx-target="#row-{conversation.pk}"' in page
    assert "conversation-list" not in page


def test_a_deleted_conversation_is_gone_until_it_is_restored(
    as_olivia: Client, conversation: Conversation
) -> None:
    address = conversation.get_absolute_url()
    as_olivia.post(f"{address}delete/")
    assert as_olivia.get(address).status_code == 404
    as_olivia.post(f"{address}restore/")
    assert as_olivia.get(address).status_code == 200


def test_deleting_the_open_conversation_leads_to_a_page_that_offers_undo(
    as_olivia: Client, conversation: Conversation
) -> None:
    here = {**HTMX, "HX-Current-URL": f"http://testserver{conversation.get_absolute_url()}"}
    response = as_olivia.post(f"/c/{conversation.pk}/delete/", headers=here)
    page = as_olivia.get(response["HX-Redirect"]).content.decode()
    assert f"/c/{conversation.pk}/restore/" in page


def test_undoing_there_leads_back_to_the_conversation(
    as_olivia: Client, conversation: Conversation
) -> None:
    conversation.delete_softly()
    here = {**HTMX, "HX-Current-URL": f"http://testserver/?deleted={conversation.pk}"}
    response = as_olivia.post(f"/c/{conversation.pk}/restore/", headers=here)
    assert response["HX-Redirect"] == conversation.get_absolute_url()


def test_a_stranger_is_offered_no_undo(as_sam: Client, conversation: Conversation) -> None:
    conversation.delete_softly()
    assert "restore" not in as_sam.get(f"/?deleted={conversation.pk}").content.decode()


def test_deleting_offers_undo(as_olivia: Client, conversation: Conversation) -> None:
    response = as_olivia.post(f"/c/{conversation.pk}/delete/", headers=HTMX)
    assert f"/c/{conversation.pk}/restore/" in response.content.decode()


@pytest.mark.parametrize("change", ["delete", "restore"])
def test_a_list_that_must_be_made_anew_is_still_the_search_for_the_same(
    as_olivia: Client, conversation: Conversation, change: str
) -> None:
    if change == "restore":
        conversation.delete_softly()
    a_conversation(conversation.owner, "Needle")
    a_conversation(conversation.owner, "Hay")
    address = f"{conversation.get_absolute_url()}{change}/"
    page = as_olivia.post(address, {"q": "needle"}, headers=HTMX).content.decode()
    assert ("Needle" in page, "Hay" in page) == (True, False)


def test_a_system_prompt_is_kept(as_olivia: Client, conversation: Conversation) -> None:
    as_olivia.post(f"/c/{conversation.pk}/system/", {"system_prompt": "Be\r\nbrief."})
    assert Conversation.objects.get().system_prompt == "Be\nbrief."


def test_a_system_prompt_that_is_too_long_is_told_and_stays_in_its_field(
    as_olivia: Client, conversation: Conversation
) -> None:
    text = "x" * (256 * 1024 + 1)
    response = as_olivia.post(f"/c/{conversation.pk}/system/", {"system_prompt": text})
    page = response.content.decode()
    assert (response.status_code, "The message is too long" in page, text in page) == (
        422,
        True,
        True,
    )
    assert Conversation.objects.get().system_prompt == ""
