"""Going on from a shared chat: a conversation of the reader's own, whole, and once."""

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations.adopting import adopt
from conversations.models import Conversation, Picture, Share
from conversations.search.finding import Wanted, find
from conversations.search.query import parse
from conversations.sharing import update
from tests.chats import a_conversation
from tests.shares import PNG, a_share, add_picture


def test_it_is_the_readers_own_with_the_same_messages(
    olivia: User, sam: User, as_sam: Client
) -> None:
    made = adopt(a_share(olivia, turns=3), sam, uuid4())
    page = as_sam.get(made.get_absolute_url()).text
    assert all(f"answer {number}" in page for number in range(3))
    assert page.index("question 0") < page.index("answer 1") < page.index("question 2")


def test_the_owner_sees_nothing_of_it(olivia: User, sam: User, as_olivia: Client) -> None:
    made = adopt(a_share(olivia), sam, uuid4())
    assert as_olivia.get(made.get_absolute_url()).status_code == 404


def test_it_has_neither_system_prompt_nor_parameters(olivia: User, sam: User) -> None:
    shared = a_share(olivia)
    Conversation.objects.update(system_prompt="Be a pirate.", parameters={"temperature": 2})
    update(shared)
    made = adopt(shared, sam, uuid4())
    assert (made.system_prompt, made.parameters) == ("", {})


def test_it_costs_nothing(olivia: User, sam: User, as_sam: Client) -> None:
    adopt(a_share(olivia), sam, uuid4())
    assert "Nothing was asked in this time." in as_sam.get("/usage/?by=conversation").text


def test_pressed_twice_it_is_one(olivia: User, sam: User) -> None:
    shared, key = a_share(olivia), uuid4()
    assert adopt(shared, sam, key) == adopt(shared, sam, key)


def test_a_key_that_is_somebody_elses_leads_to_nothing_of_theirs(olivia: User, sam: User) -> None:
    theirs = a_conversation(olivia, "Olivia's own")
    made = adopt(a_share(olivia), sam, theirs.pk)
    assert made.pk != theirs.pk
    assert made.owner_id == sam.pk


def test_of_what_was_revoked_meanwhile_there_is_no_chat(olivia: User, sam: User) -> None:
    shared = a_share(olivia)
    Share.objects.all().delete()
    with pytest.raises(Share.DoesNotExist):
        adopt(shared, sam, uuid4())
    assert not Conversation.objects.for_user(sam).exists()


def test_its_images_come_along(olivia: User, sam: User) -> None:
    shared = a_share(olivia)
    add_picture(shared.conversation)
    update(shared)
    made = adopt(shared, sam, uuid4())
    assert bytes(Picture.objects.defer(None).get(message__conversation=made).data) == PNG


@pytest.mark.django_db(transaction=True)
def test_its_words_are_found(olivia: User, sam: User) -> None:
    adopt(a_share(olivia), sam, uuid4())
    assert len(find(sam, Wanted(parse("answer"))).hits) == 1


def test_a_long_one_costs_few_queries(
    olivia: User, sam: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    shared = a_share(olivia, turns=90)
    with django_assert_max_num_queries(20):
        made = adopt(shared, sam, uuid4())
    assert made.messages.count() == 180
