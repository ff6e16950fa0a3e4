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


def test_a_stranger_is_offered_no_undo(as_sam: Client, conversation: Conversation) -> None:
    conversation.delete_softly()
    assert "restore" not in as_sam.get(f"/?deleted={conversation.pk}").content.decode()


def test_deleting_offers_undo(as_olivia: Client, conversation: Conversation) -> None:
    response = as_olivia.post(f"/c/{conversation.pk}/delete/", headers=HTMX)
    assert f"/c/{conversation.pk}/restore/" in response.content.decode()


def test_a_system_prompt_is_kept(as_olivia: Client, conversation: Conversation) -> None:
    as_olivia.post(f"/c/{conversation.pk}/system/", {"system_prompt": "Be\r\nbrief."})
    assert Conversation.objects.get().system_prompt == "Be\nbrief."
