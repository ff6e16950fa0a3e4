"""A temporary chat that is kept: whole, once, and like any other."""

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.models import User
from conversations.limits import NotNow
from conversations.models import Conversation, Message
from conversations.models.message import Role
from conversations.search.finding import Wanted, find
from conversations.search.query import parse
from conversations.temporary.forms import Said
from conversations.temporary.keeping import Kept, keep
from providers.models import Call
from tests.chats import a_model

SAID = (
    Said(Role.USER, "Why is the sky blue?"),
    Said(Role.ASSISTANT, "Because *of* scattering.", "Let me see.", "echo"),
    Said(Role.USER, "And at night?"),
    Said(Role.ASSISTANT, "Then", "", "slow", "stopped"),
)


def a_kept(**fields: object) -> Kept:
    return Kept(**{"id": uuid4(), "messages": SAID, **fields})  # type: ignore[arg-type]


def test_it_is_a_conversation_with_all_that_was_said(olivia: User, as_olivia: Client) -> None:
    page = as_olivia.get(keep(olivia, a_kept()).get_absolute_url()).text
    assert page.index("Why is the sky blue?") < page.index("<em>of</em>") < page.index("at night")
    for part in ("Let me see.", "echo", 'data-state="stopped"'):
        assert part in page


def test_it_goes_on_with_its_model_and_system_prompt(olivia: User) -> None:
    model = a_model()
    kept = keep(olivia, a_kept(model=model, system_prompt="Be brief.", parameters={"seed": 7}))
    stored = Conversation.objects.get(pk=kept.pk)
    assert (stored.model, stored.system_prompt) == (model, "Be brief.")
    assert (stored.title, stored.parameters) == ("Why is the sky blue?", {"seed": 7})


def test_the_same_id_twice_is_one(olivia: User) -> None:
    kept = a_kept()
    assert keep(olivia, kept) == keep(olivia, kept)
    assert Message.objects.count() == len(SAID)


def test_somebody_elses_id_leads_to_nothing_of_theirs(olivia: User, sam: User) -> None:
    kept = a_kept()
    assert keep(olivia, kept).owner_id != keep(sam, kept).owner_id


def test_what_was_deleted_since_is_kept_again(olivia: User) -> None:
    kept = a_kept()
    first = keep(olivia, kept)
    first.delete_softly()
    assert keep(olivia, kept).pk != first.pk


def test_nothing_is_stored_where_there_is_no_room(olivia: User, settings: Settings) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    with pytest.raises(NotNow):
        keep(olivia, a_kept(messages=[Said(Role.USER, "x" * 2 * 1024 * 1024)]))
    assert not Conversation.objects.exists()


def test_it_costs_nothing_more(olivia: User) -> None:
    keep(olivia, a_kept())
    assert not Call.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_its_words_are_found(olivia: User) -> None:
    keep(olivia, a_kept())
    assert len(find(olivia, Wanted(parse("scattering"))).hits) == 1
