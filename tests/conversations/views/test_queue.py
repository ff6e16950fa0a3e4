"""The queue over HTTP: what a page gets, and what a form without scripts does."""

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from chatsite.models import User
from conversations import queueing
from conversations.models import Conversation, Draft, Generation, Message, QueuedMessage
from conversations.models.generation import State
from conversations.models.queued import Held
from providers.models import Model
from tests.chats import a_model, a_question, asked

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def chat(olivia: User) -> Conversation:
    """Its answer is being written, by nobody who could be told to stop."""
    return asked(olivia, a_model()).conversation


def fields(text: str = "and then?", **others: object) -> dict[str, object]:
    return {"text": text, "model": Model.objects.get().pk, "send_id": uuid4(), **others}


def put(chat: Conversation, text: str = "and then?") -> str:
    """The address of one that waits."""
    question = a_question(Model.objects.get(), text)
    queueing.enqueue(chat.owner, question, chat)
    return f"/c/{chat.pk}/queue/{QueuedMessage.objects.get(text=text).pk}/"


def test_a_message_waits_and_the_page_shows_it(as_olivia: Client, chat: Conversation) -> None:
    page = as_olivia.post(f"/c/{chat.pk}/queue/", fields("<b>then</b>"), headers=HTMX)
    assert "&lt;b&gt;then&lt;/b&gt;" in page.content.decode()
    assert 'name="send_id"' in page.content.decode()
    assert QueuedMessage.objects.get().text == "<b>then</b>"


def test_its_draft_is_dropped(as_olivia: Client, chat: Conversation) -> None:
    as_olivia.post(f"/c/{chat.pk}/draft/", fields())
    as_olivia.post(f"/c/{chat.pk}/queue/", fields())
    assert not Draft.objects.exists()


def test_it_is_there_when_the_page_is_opened_again(as_olivia: Client, chat: Conversation) -> None:
    put(chat)
    assert b"and then?" in as_olivia.get(f"/c/{chat.pk}/").content


def test_where_nothing_is_written_it_is_an_ordinary_send(
    as_olivia: Client, chat: Conversation
) -> None:
    Generation.objects.all().move(State.COMPLETE)
    as_olivia.post(f"/c/{chat.pk}/queue/", fields(), headers=HTMX)
    assert Message.objects.filter(content="and then?").exists()
    assert not QueuedMessage.objects.exists()


def test_without_scripts_each_act_leads_back_to_the_chat(
    as_olivia: Client, chat: Conversation
) -> None:
    added = as_olivia.post(f"/c/{chat.pk}/queue/", fields())
    edited = as_olivia.post(f"{put(chat, 'another')}edit/")
    assert (added["Location"], edited["Location"]) == (f"/c/{chat.pk}/#queue",) * 2


def test_a_page_without_scripts_does_not_leave_what_is_written_in_it(
    as_olivia: Client, chat: Conversation
) -> None:
    refresh = b'http-equiv="refresh"'
    assert refresh in as_olivia.get(f"/c/{chat.pk}/").content
    assert refresh not in as_olivia.get(f"/c/{chat.pk}/?next").content
    as_olivia.post(f"{put(chat)}edit/")
    assert refresh not in as_olivia.get(f"/c/{chat.pk}/").content


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"text": " \n"}, "Write a message first."),
        ({"text": "x" * (256 * 1024 + 1)}, "The message is too long: 257 KB."),
        ({"model": ""}, "Pick a model first."),
    ],
    ids=["blank", "too long", "no model"],
)
def test_what_could_not_be_sent_does_not_wait(
    as_olivia: Client, chat: Conversation, others: dict[str, str], words: str
) -> None:
    page = as_olivia.post(f"/c/{chat.pk}/queue/", fields(**others), headers=HTMX)
    assert (page.status_code, words in page.content.decode()) == (422, True)
    assert not QueuedMessage.objects.exists()


def test_one_too_many_stays_in_the_composer(as_olivia: Client, chat: Conversation) -> None:
    for number in range(queueing.MOST):
        put(chat, f"message {number}")
    page = as_olivia.post(f"/c/{chat.pk}/queue/", fields("too many"))
    assert page.status_code == 409
    assert b"10 messages are waiting already" in page.content
    assert b"too many</textarea>" in page.content


def test_it_is_edited_and_saved(as_olivia: Client, chat: Conversation) -> None:
    address = put(chat)
    assert b"<textarea" in as_olivia.post(f"{address}edit/", headers=HTMX).content
    page = as_olivia.post(address, {"text": "or this?"}, headers=HTMX).content
    assert b"or this?" in page
    assert b"<textarea" not in page


def test_a_blank_text_is_not_saved(as_olivia: Client, chat: Conversation) -> None:
    address = put(chat)
    assert as_olivia.post(address, {"text": " "}, headers=HTMX).status_code == 422
    assert QueuedMessage.objects.get().text == "and then?"


def test_without_scripts_a_refused_text_is_told_and_stays_in_its_field(
    as_olivia: Client, chat: Conversation
) -> None:
    address, text = put(chat), "x" * (256 * 1024 + 1)
    page = as_olivia.post(address, {"text": text})
    assert (page.status_code, f">{text}</textarea>" in page.content.decode()) == (422, True)
    assert "too long" in page.context["composer_error"]


def test_without_scripts_a_text_that_came_too_late_is_in_the_composer(
    as_olivia: Client, chat: Conversation
) -> None:
    address = put(chat)
    QueuedMessage.objects.all().delete()
    page = as_olivia.post(address, {"text": "or this?"})
    assert (page.status_code, b"or this?</textarea>" in page.content) == (409, True)
    assert "sent or removed meanwhile" in page.context["composer_error"]


def test_it_is_removed(as_olivia: Client, chat: Conversation) -> None:
    as_olivia.post(f"{put(chat)}remove/", headers=HTMX)
    assert not QueuedMessage.objects.exists()


def test_what_was_removed_comes_back(as_olivia: Client, chat: Conversation) -> None:
    address = put(chat)
    page = as_olivia.post(f"{address}remove/", headers=HTMX)
    assert f'action="{address}restore/"' in page.content.decode()
    assert b"and then?" in as_olivia.post(f"{address}restore/", headers=HTMX).content
    assert QueuedMessage.objects.exists()


def test_without_scripts_the_page_has_the_way_back(as_olivia: Client, chat: Conversation) -> None:
    address = put(chat)
    page = as_olivia.post(f"{address}remove/", follow=True)
    assert f'action="{address}restore/"' in page.content.decode()
    as_olivia.post(f"{address}restore/")
    assert "restore/" not in as_olivia.get(page.request["PATH_INFO"]).content.decode()
    assert QueuedMessage.objects.exists()


def test_where_too_many_wait_it_is_told_why_nothing_comes_back(
    as_olivia: Client, chat: Conversation
) -> None:
    address = put(chat)
    as_olivia.post(f"{address}remove/", headers=HTMX)
    for number in range(queueing.MOST):
        put(chat, f"{number}")
    page = as_olivia.post(f"{address}restore/", headers=HTMX)
    assert (page.status_code, b"are waiting already" in page.content) == (409, True)


def test_what_a_stranger_removed_is_not_offered_to_others(
    as_sam: Client, sam: User, chat: Conversation
) -> None:
    address = put(chat)
    removed = QueuedMessage.objects.get()
    queueing.remove(chat, removed.pk)
    theirs = asked(sam, Model.objects.get()).conversation
    page = as_sam.get(f"/c/{theirs.pk}/?undo={removed.pk}").content.decode()
    assert "restore/" not in page
    assert as_sam.post(f"{address}restore/").status_code == 404


def test_sent_now_it_does_not_wait_for_an_answer(as_olivia: Client, chat: Conversation) -> None:
    address = put(chat)
    # As nobody writes it, nobody can stop it: that is what a page finds done meanwhile.
    Generation.objects.all().move(State.STOPPED)
    as_olivia.post(f"{address}send/", headers=HTMX)
    assert Message.objects.filter(content="and then?").exists()
    assert not QueuedMessage.objects.exists()


def test_what_no_model_can_answer_stops_no_answer(as_olivia: Client, chat: Conversation) -> None:
    address = put(chat)
    Model.objects.all().delete()
    page = as_olivia.post(f"{address}send/", headers=HTMX)
    assert (page.status_code, Generation.objects.get().stop_requested_at) == (409, None)


def test_what_a_limit_holds_back_stops_no_answer(
    as_olivia: Client, olivia: User, chat: Conversation, settings: Settings
) -> None:
    address = put(chat)
    asked(olivia, Model.objects.get())
    settings.LIMIT_RUNS = 1
    assert as_olivia.post(f"{address}send/", headers=HTMX).status_code == 429
    assert not Generation.objects.exclude(stop_requested_at=None).exists()


def test_what_was_sent_meanwhile_is_told(as_olivia: Client, chat: Conversation) -> None:
    address = put(chat)
    QueuedMessage.objects.all().delete()
    for act in ("edit", "leave", "remove", "send"):
        page = as_olivia.post(f"{address}{act}/", headers=HTMX)
        assert (page.status_code, b"sent or removed meanwhile" in page.content) == (409, True)


def test_another_act_is_none(as_olivia: Client, chat: Conversation) -> None:
    assert as_olivia.post(f"{put(chat)}burn/").status_code == 404


def test_why_one_is_held_stands_beside_it(as_olivia: Client, chat: Conversation) -> None:
    put(chat)
    QueuedMessage.objects.get().change(held=Held.MINUTE)
    page = as_olivia.get(f"/c/{chat.pk}/").content
    assert b"You sent many messages in a short time. It is sent in a moment." in page


def test_one_that_is_held_is_not_said_to_wait_for_an_unfinished_answer(
    as_olivia: Client, chat: Conversation
) -> None:
    put(chat)
    words = b"The answer was not finished"
    assert words in as_olivia.get(f"/c/{chat.pk}/").content
    QueuedMessage.objects.get().change(held=Held.MODEL)
    assert words not in as_olivia.get(f"/c/{chat.pk}/").content


def test_a_page_that_is_behind_gets_the_queue(as_olivia: Client, chat: Conversation) -> None:
    put(chat)
    page = as_olivia.get(f"/c/{chat.pk}/changes/", headers=HTMX).content
    assert b"and then?" in page


@pytest.mark.parametrize("count", [1, 9])
def test_many_cost_as_many_queries_as_one(
    as_olivia: Client,
    chat: Conversation,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        put(chat, f"message {number}")
    with django_assert_num_queries(1):
        assert len(queueing.queue_of(chat).waiting) == count


def test_a_stranger_does_nothing_to_it(as_sam: Client, chat: Conversation) -> None:
    address, nowhere = put(chat), f"/c/{uuid4()}/queue/{uuid4()}/"
    for act in ("", "edit/", "leave/", "remove/", "restore/", "send/"):
        theirs = as_sam.post(f"{address}{act}", fields())
        nothing = as_sam.post(f"{nowhere}{act}", fields())
        assert (theirs.status_code, nothing.status_code) == (404, 404)
        assert len(theirs.content) == len(nothing.content)
    assert (QueuedMessage.objects.get().text, QueuedMessage.objects.get().held) == ("and then?", "")


def test_of_another_chat_s_it_finds_none(
    as_olivia: Client, olivia: User, chat: Conversation
) -> None:
    address = put(chat)
    other = asked(olivia, Model.objects.get()).conversation
    wrong = address.replace(str(chat.pk), str(other.pk))
    assert as_olivia.post(f"{wrong}remove/", headers=HTMX).status_code == 409
    assert QueuedMessage.objects.exists()
