import pytest
from django.test import Client

from chatsite.models import User
from conversations.generation.store import interrupt
from conversations.models import Conversation, Generation
from conversations.models.generation import State
from conversations.unseen import leave_unseen
from tests.chats import a_conversation, add_turn

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("state", "mark"), [("complete", "New answer"), ("failed", "The last answer failed")]
)
def test_the_row_of_an_unseen_answer_has_a_mark(
    as_olivia: Client, olivia: User, state: str, mark: str
) -> None:
    leave_unseen(a_conversation(olivia).pk, state)
    assert mark in as_olivia.get("/c/").content.decode()


def test_who_stopped_an_answer_has_seen_it(olivia: User) -> None:
    chat = a_conversation(olivia)
    leave_unseen(chat.pk, State.STOPPED)
    chat.refresh_from_db()
    assert chat.unseen is None


def test_an_answer_whose_process_went_away_is_unseen(olivia: User) -> None:
    add_turn(a_conversation(olivia), "q", "so far", State.RUNNING)
    run = Generation.objects.get()
    interrupt(run.message_id, run.lease_until)
    assert Conversation.objects.get().unseen == "interrupted"


def test_opening_the_chat_takes_the_mark_off(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    leave_unseen(chat.pk, State.COMPLETE)
    page = as_olivia.get(f"/c/{chat.pk}/").content.decode()
    assert 'class="unseen"' not in page
    chat.refresh_from_db()
    assert chat.unseen is None


def test_the_mark_of_an_answer_in_a_folder_is_on_the_folder(
    as_olivia: Client, olivia: User
) -> None:
    folder = olivia.folders.create(name="Work")
    chat = a_conversation(olivia)
    Conversation.objects.update(folder=folder)
    assert "New answer" not in as_olivia.get("/c/", headers=HTMX).content.decode()
    leave_unseen(chat.pk, State.COMPLETE)
    assert "New answer" in as_olivia.get("/c/", headers=HTMX).content.decode()


def test_the_mark_of_writing_becomes_that_of_an_answer(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    leave_unseen(chat.pk, State.COMPLETE)
    chat.refresh_from_db()
    mark = as_olivia.get(f"/c/{chat.pk}/writing/", headers=HTMX).content.decode()
    assert "New answer" in mark
    assert f'data-stamp="{chat.row_stamp}"' in mark
