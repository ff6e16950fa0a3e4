"""What is stored moves on with the tables."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from chatsite.models import User
from conversations.models import Charge
from conversations.spending import spent_in
from providers.models import Call, Kind, Outcome
from tests import people
from tests.chats import a_conversation

BEFORE = ("conversations", "0017_summaries_and_titles")


@pytest.mark.django_db(transaction=True)
def test_what_was_asked_beside_the_answers_stays_paid_and_is_read_by_both_versions() -> None:
    olivia: User = people.olivia()
    chat = a_conversation(olivia)
    call = Call.objects.create(
        kind=Kind.CHAT, outcome=Outcome.COMPLETE, seconds=1, cost=2, currency="USD"
    )
    Charge.objects.create(conversation=chat, call=call)
    MigrationExecutor(connection).migrate([BEFORE])
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM conversations_aside")
        assert cursor.fetchone() == (1,)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert spent_in(chat.pk).amount == "$2.00"
