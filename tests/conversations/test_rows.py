import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.models import Conversation, Folder, Tag
from conversations.rows import list_rows
from conversations.shelf import Shelf
from tests.chats import a_conversation

HTMX = {"HX-Request": "true"}


def some(owner: User, count: int) -> None:
    """So many of each kind of row, each folder and each tag."""
    for number in range(count):
        folder = Folder.objects.create(owner=owner, name=f"f{number}")
        tag = Tag.objects.create(owner=owner, name=f"t{number}", folded=f"t{number}")
        for place in ({}, {"folder": folder}, {"pinned": True}):
            chat = a_conversation(owner, f"{place}")
            chat.tags.add(tag)
            if "pinned" in place:
                Conversation.objects.filter(pk=chat.pk).update(pinned_at=chat.created_at)
            else:
                Conversation.objects.filter(pk=chat.pk).update(**place)


def test_rows_take_three_queries_however_many_there_are(
    olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    some(olivia, 8)
    with django_assert_num_queries(3):
        rows = list_rows(olivia.pk, None, Shelf())
    assert (len(rows.pinned), len(rows.rows)) == (8, 8)


@pytest.mark.parametrize("query", ["", "select=1", "archive=1", "q=f"])
def test_the_list_takes_as_many_queries_for_much_as_for_little(
    as_olivia: Client,
    olivia: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    query: str,
) -> None:
    some(olivia, 20)
    # Session, user; pinned, rows, which are written; folders, tags; and two of a search.
    with django_assert_max_num_queries(9):
        as_olivia.get(f"/c/?{query}", headers=HTMX)


def test_a_folders_list_takes_one_more(
    as_olivia: Client, olivia: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    some(olivia, 20)
    folder = Folder.objects.latest("created_at")
    with django_assert_max_num_queries(8):
        as_olivia.get(f"/c/?folder={folder.pk}", headers=HTMX)
