"""What is in the index after each thing that can happen to a text."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from chatsite.models import User
from conversations.generation import store
from conversations.models import Conversation, Generation, Message, SearchEntry
from conversations.models.conversation import UNDO_PERIOD
from conversations.models.generation import State
from conversations.purging import purge
from conversations.search.finding import Wanted, find
from conversations.search.query import parse
from tests import people
from tests.chats import a_conversation, a_model, add_turn, asked


def finds(user: User, words: str) -> int:
    return len(find(user, Wanted(parse(words))).hits)


def test_an_answer_that_is_being_written_is_not_found_at_each_checkpoint(olivia: User) -> None:
    sent = asked(olivia, a_model())
    store.checkpoint([(sent.answer.pk, store.Written("half a needle", ""))], [sent.answer.pk])
    assert finds(olivia, "needle") == 0


def test_an_interrupted_answer_is_found_as_far_as_it_came(olivia: User) -> None:
    sent = asked(olivia, a_model())
    store.checkpoint([(sent.answer.pk, store.Written("half a needle", ""))], [sent.answer.pk])
    store.interrupt(sent.answer.pk, Generation.objects.get().lease_until)
    assert finds(olivia, "needle") == 1


def test_a_message_that_is_deleted_is_gone_from_the_index(olivia: User) -> None:
    sent = asked(olivia, a_model(), "needle")
    Conversation.objects.update(leaf=None)
    sent.question.delete()
    assert finds(olivia, "needle") == 1  # the title
    assert SearchEntry.objects.exclude(message=None).count() == 0


def test_what_was_purged_is_gone_from_the_index_and_its_terms_too(olivia: User) -> None:
    for number in range(20):
        asked(olivia, a_model(model_id=f"m{number}"), f"canary{number}")
    Conversation.objects.update(deleted_at=timezone.now() - UNDO_PERIOD)
    while purge():
        pass
    assert SearchEntry.objects.count() == 0
    assert not any(b"canary" in block for block in _index_blocks())


def test_the_command_brings_back_what_the_index_lost(olivia: User) -> None:
    conversation = a_conversation(olivia, "A needle's title")
    conversation.show(add_turn(conversation, "needle", "needle"), None)
    running = add_turn(conversation, "needle", "needle", State.RUNNING)
    SearchEntry.objects.all().delete()
    call_command("reindexsearch", stdout=StringIO())
    assert finds(olivia, "needle") == 4
    assert not SearchEntry.objects.filter(message=running).exists()


def test_the_command_can_be_run_again(olivia: User) -> None:
    a_conversation(olivia, turns=2)
    said = StringIO()
    for _ in range(2):
        call_command("reindexsearch", stdout=said)
    assert said.getvalue() == "5 entries are in the index.\n" * 2
    assert SearchEntry.objects.count() == 5


def test_entries_are_in_the_order_of_their_messages(olivia: User) -> None:
    conversation = a_conversation(olivia, turns=3)
    for number, message in enumerate(Message.objects.filter(conversation=conversation)):
        message.keep(created_at=timezone.now() - timedelta(days=number))
    call_command("reindexsearch", stdout=StringIO())
    by_time = Message.objects.order_by("created_at").values_list("pk", flat=True)
    entries = SearchEntry.objects.exclude(message=None).order_by("pk")
    assert list(entries.values_list("message_id", flat=True)) == list(by_time)


@pytest.mark.django_db(transaction=True)
def test_an_update_enters_what_was_written_before() -> None:
    olivia = people.olivia()
    conversation = a_conversation(olivia, "A needle's title")
    add_turn(conversation, "needle", "needle")
    call_command("migrate", "conversations", "0005", verbosity=0)
    call_command("migrate", verbosity=0)
    assert finds(olivia, "needle") == 3


def _index_blocks() -> list[bytes]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM conversations_searchterms_data")
        return [bytes(row[0]) for row in cursor.fetchall()]
