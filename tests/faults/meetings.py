"""Who meets whom, each on a Postgres and in a process of its own: see `test_meetings`."""

from functools import partial
from uuid import uuid4

from chatsite.models import User
from conversations.adopting import adopt
from conversations.models import Message, Share
from conversations.sharing import revoke, update
from tests import people
from tests.chats import add_turn
from tests.faults.meeting import meet
from tests.shares import a_share


def somebody() -> User:
    return people.person(uuid4().hex)


def revoking_what_is_brought_up_to_date() -> str:
    shared = a_share(somebody())
    said = meet(partial(update, shared), partial(revoke, shared))
    assert not Share.objects.filter(pk=shared.pk).exists()
    return said


def bringing_up_to_date_what_is_revoked() -> str:
    shared = a_share(somebody())
    return meet(partial(revoke, shared), partial(update, shared))


def going_on_from_what_is_revoked() -> str:
    shared, reader = a_share(somebody()), somebody()
    return meet(partial(revoke, shared), partial(adopt, shared, reader, uuid4()))


def going_on_from_what_is_brought_up_to_date() -> str:
    shared, reader = a_share(somebody()), somebody()
    shared.conversation.show(add_turn(shared.conversation, "later", "much later"), None)
    said = meet(partial(update, shared), partial(adopt, shared, reader, uuid4()))
    assert Message.objects.filter(conversation__owner=reader).count() == 4
    return said
