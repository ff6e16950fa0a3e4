"""Who meets whom, each on a Postgres and in a process of its own: see `test_meetings`."""

from functools import partial
from uuid import uuid4

from chatsite.models import User
from conversations.models import Share
from conversations.sharing import revoke, update
from tests import people
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
