"""The addresses by which messages are edited, switched, forked, deleted and brought back."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.models import User
from conversations.branch import PAGE
from conversations.heads import heads
from conversations.models import Conversation, Generation, Message
from conversations.models.generation import State
from providers.models import Model
from tests.chats import a_conversation, a_model
from tests.conversations.branching import texts_shown, version_beside

# An answer that begins here is stored from another thread.
pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


def _of(text: str) -> Message:
    return Message.objects.get(content=text)


def _edit(client: Client, text: str, **fields: object) -> Any:
    posted = {"text": text, "send_id": uuid4(), "model": Model.objects.get().pk, **fields}
    return client.post(f"/m/{_of('question 0').pk}/edit/", posted, headers=HTMX)


@pytest.fixture
def chat(olivia: User) -> Conversation:
    made = a_conversation(olivia, turns=2)
    made.show(made.leaf, a_model())  # type: ignore[arg-type]
    return made


def test_an_edit_stands_beside_the_question_and_is_answered(
    as_olivia: Client, chat: Conversation
) -> None:
    page = _edit(as_olivia, "edited").content.decode()
    assert texts_shown(chat) == ["edited", ""]
    assert "2/2" in page
    assert Generation.objects.running().count() == 1


def test_the_same_edit_twice_is_one(as_olivia: Client, chat: Conversation) -> None:
    send_id = uuid4()
    codes = [_edit(as_olivia, "edited", send_id=send_id).status_code for _ in range(2)]
    assert codes == [200, 200]
    assert Message.objects.filter(content="edited").count() == 1


def test_two_edits_at_once_are_both_kept(as_olivia: Client, chat: Conversation) -> None:
    for text in ("one", "two"):
        assert _edit(as_olivia, text).status_code == 200
    assert Message.objects.filter(parent=None, conversation=chat).count() == 3


@pytest.mark.parametrize("text", ["", "  \n", "x" * 300_000])
def test_an_edit_that_cannot_be_sent_is_refused_with_words(
    as_olivia: Client, chat: Conversation, text: str
) -> None:
    response = _edit(as_olivia, text)
    assert response.status_code == 422
    assert b"composer-error" in response.content
    assert chat.messages.count() == 4


def test_without_javascript_a_refused_edit_keeps_its_text(
    as_olivia: Client, chat: Conversation
) -> None:
    fields = {"text": "edited", "model": "gone"}
    response = as_olivia.post(f"/m/{_of('question 0').pk}/edit/", fields)
    assert response.status_code == 409
    assert "edited</textarea>" in response.content.decode()


def test_a_question_alone_can_be_edited(as_olivia: Client, chat: Conversation) -> None:
    assert as_olivia.get(f"/m/{_of('answer 0').pk}/edit/").status_code == 404


def test_the_form_has_the_question_as_it_is(as_olivia: Client, chat: Conversation) -> None:
    Message.objects.filter(content="question 0").update(content="\n<b> & more")
    address = f"/m/{chat.messages.get(content__contains='more').pk}/edit/"
    for headers in ({}, HTMX):
        page = as_olivia.get(address, headers=headers).content.decode()
        assert "\n\n&lt;b&gt; &amp; more</textarea>" in page


def test_another_version_brings_only_what_is_other(as_olivia: Client, chat: Conversation) -> None:
    other = version_beside(_of("question 1"), "other")
    shown = ",".join(
        f"{message.send_id or message.pk}:" for message in chat.messages.exclude(pk=other.pk)
    )
    page = as_olivia.post(f"/m/{other.pk}/show/", {"turns": shown}, headers=HTMX).content.decode()
    assert texts_shown(chat) == ["question 0", "answer 0", "other"]
    assert page.count('hx-swap="delete"') == 2
    assert "question 0<" not in page


def test_without_javascript_it_leads_to_the_message(as_olivia: Client, chat: Conversation) -> None:
    other = version_beside(_of("question 1"), "other")
    response = as_olivia.post(f"/m/{other.pk}/show/")
    assert response["Location"] == f"{chat.get_absolute_url()}#{other.dom_id}"


def test_far_up_in_a_long_branch_the_message_is_in_sight(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=PAGE)
    as_olivia.post(f"/m/{version_beside(_of('question 1'), 'other').pk}/show/")
    back = _of("question 1")
    page = as_olivia.post(f"/m/{back.pk}/show/", headers=HTMX).content.decode()
    assert len(texts_shown(chat)) == 2 * PAGE
    assert "question 1<" in page
    assert 'class="later"' in page


def test_a_branch_may_be_left_while_it_is_written(as_olivia: Client, chat: Conversation) -> None:
    _edit(as_olivia, "edited")
    as_olivia.post(f"/m/{_of('question 0').pk}/show/")
    assert texts_shown(chat)[0] == "question 0"
    assert Generation.objects.running().count() == 1
    fields = {"text": "meanwhile", "model": Model.objects.get().pk}
    send = f"{chat.get_absolute_url()}messages/"
    assert as_olivia.post(send, fields, headers=HTMX).status_code == 200


def test_a_hit_of_the_search_turns_to_its_branch(as_olivia: Client, chat: Conversation) -> None:
    other = version_beside(_of("question 0"), "other")
    response = as_olivia.get(f"/m/{other.pk}/")
    assert response["Location"] == f"{chat.get_absolute_url()}#{other.dom_id}"
    assert texts_shown(chat) == ["other"]


def test_deleting_says_how_many_and_how_to_undo(as_olivia: Client, chat: Conversation) -> None:
    deleted = _of("answer 0")
    page = as_olivia.post(f"/m/{deleted.pk}/delete/", headers=HTMX).content.decode()
    assert "3 messages were deleted." in page
    assert f"/m/{deleted.pk}/restore/" in page
    as_olivia.post(f"/m/{deleted.pk}/restore/", headers=HTMX)
    assert len(texts_shown(chat)) == 4


def test_without_javascript_the_page_offers_the_undo(as_olivia: Client, chat: Conversation) -> None:
    deleted = _of("answer 0")
    response = as_olivia.post(f"/m/{deleted.pk}/delete/")
    page = as_olivia.get(response["Location"]).content.decode()
    assert "3 messages were deleted." in page
    assert f'action="/m/{deleted.pk}/restore/"' in page


def test_what_is_deleted_is_nowhere(as_olivia: Client, chat: Conversation) -> None:
    deleted = _of("answer 1")
    as_olivia.post(f"/m/{deleted.pk}/delete/")
    reads = ("", "text/", "again/")
    assert {as_olivia.get(f"/m/{deleted.pk}/{read}").status_code for read in reads} == {404}
    acts = ("show/", "retry/", "fork/", "delete/", "continue/", "stop/")
    assert {as_olivia.post(f"/m/{deleted.pk}/{act}").status_code for act in acts} == {404}


def test_a_question_without_its_answer_gets_one(as_olivia: Client, chat: Conversation) -> None:
    as_olivia.post(f"/m/{_of('answer 1').pk}/delete/")
    question = _of("question 1")
    posts = [as_olivia.post(f"/m/{question.pk}/retry/", headers=HTMX) for _ in range(2)]
    assert [response.status_code for response in posts] == [200, 409]
    assert texts_shown(chat)[-2:] == ["question 1", ""]


def test_a_page_that_ends_with_a_question_knows_what_it_shows(
    as_olivia: Client, olivia: User, chat: Conversation
) -> None:
    as_olivia.post(f"/m/{_of('answer 1').pk}/delete/")
    page = as_olivia.get(chat.get_absolute_url()).content.decode()
    [head] = heads([(olivia.pk, chat.pk)]).values()
    last = re.findall(r'<article[^>]*data-id="([^"]+)"', page)[-1]
    assert head.split("/")[2:4] == [last, ""]


def test_a_fork_leads_to_the_new_chat(as_olivia: Client, chat: Conversation) -> None:
    answer = _of("answer 0")
    response = as_olivia.post(f"/m/{answer.pk}/fork/", headers=HTMX)
    begun = Conversation.objects.exclude(pk=chat.pk).get()
    assert response["HX-Redirect"] == begun.get_absolute_url()
    assert as_olivia.get(begun.get_absolute_url()).status_code == 200


def test_a_fork_of_what_is_being_written_is_refused(as_olivia: Client, chat: Conversation) -> None:
    Generation.objects.update(state=State.RUNNING)
    response = as_olivia.post(f"/m/{_of('answer 1').pk}/fork/", headers=HTMX)
    assert response.status_code == 409


def test_a_page_asks_as_much_for_many_versions_as_for_one(
    as_olivia: Client, chat: Conversation
) -> None:
    asked = []
    for count in (1, 20):
        for message in list(chat.messages.filter(content__contains=" ")):
            for _ in range(count):
                version_beside(message, "other")
        with CaptureQueriesContext(connection) as queries:
            page = as_olivia.get(chat.get_absolute_url()).content.decode()
        asked.append(len(queries))
    assert "1/22" in page
    assert asked[0] == asked[1]


def test_a_switch_asks_as_much_in_a_long_chat_as_in_a_short_one(
    as_olivia: Client, olivia: User
) -> None:
    asked = []
    for turns in (2, 100):
        chat = a_conversation(olivia, turns=turns)
        other = version_beside(chat.messages.get(content="question 0"), "other")
        with CaptureQueriesContext(connection) as queries:
            as_olivia.post(f"/m/{other.pk}/show/", headers=HTMX)
        asked.append(len(queries))
    assert asked[0] == asked[1]
