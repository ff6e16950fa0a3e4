import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.models import User
from conversations.models import Conversation, Generation
from conversations.models.generation import State
from conversations.rows import ROWS
from tests.chats import a_conversation, add_turn


def more_of(client: Client, address: str) -> str:
    """Where the list goes on."""
    page = client.get(address).content.decode()
    return unescape(re.findall(r'class="more"\s+href="([^"]+)"', page)[0])


def test_a_search_finds_titles_with_all_the_words(as_olivia: Client, olivia: User) -> None:
    a_conversation(olivia, "Bread with rye")
    a_conversation(olivia, "Rye fields")
    page = as_olivia.get("/c/?q=rye+bread").content.decode()
    assert "Bread with rye" in page
    assert "Rye fields" not in page


def test_a_search_finds_chinese(as_olivia: Client, olivia: User) -> None:
    a_conversation(olivia, "数据库为什么会锁住")
    assert "数据库为什么会锁住" in as_olivia.get("/c/", {"q": "锁"}).content.decode()


def test_a_long_list_has_further_pages(as_olivia: Client, olivia: User) -> None:
    for number in range(ROWS + 1):
        a_conversation(olivia, f"chat number {number}.")
    assert "chat number 0." not in as_olivia.get("/c/").content.decode()
    assert "chat number 0." in as_olivia.get(more_of(as_olivia, "/c/")).content.decode()


def test_the_next_page_is_the_same_whatever_comes_meanwhile(
    as_olivia: Client, olivia: User
) -> None:
    chats = [a_conversation(olivia, f"chat number {number}.") for number in range(ROWS + 2)]
    more = more_of(as_olivia, "/c/")
    a_conversation(olivia, "a new one")
    chats[20].delete_softly()
    page = as_olivia.get(more).content.decode()
    assert [number for number in range(ROWS + 2) if f"chat number {number}." in page] == [0, 1]


def test_chats_of_the_same_moment_are_all_in_the_list_and_once(
    as_olivia: Client, olivia: User
) -> None:
    now = timezone.now()
    for number in range(2 * ROWS):
        Conversation.objects.create(owner=olivia, title=f"({number})", updated_at=now)
    pages = [as_olivia.get(at).content.decode() for at in ("/c/", more_of(as_olivia, "/c/"))]
    assert sorted(re.findall(r"\((\d+)\)</a>", "".join(pages)), key=int) == [
        str(number) for number in range(2 * ROWS)
    ]


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%25%25%25",
        "before=x",
        "before=-1.x",
        "before=" + "f" * 40 + "." + "0" * 32,
        "pages=-1",
        "pages=9" * 40,
        "q=" + "a+" * 500,
    ],
)
def test_odd_queries_get_a_page(as_olivia: Client, query: str) -> None:
    assert as_olivia.get(f"/c/?{query}").status_code == 200


def test_the_next_page_keeps_the_search(as_olivia: Client, olivia: User) -> None:
    for number in range(ROWS + 1):
        a_conversation(olivia, f"a & b {number}")
    page = as_olivia.get("/c/", {"q": "a & b"}).content.decode()
    assert "/c/?q=a+%26+b&amp;before=" in page


def test_a_mark_stays_for_as_long_as_the_answer_is_written(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia)
    add_turn(conversation, "q", "so far", State.RUNNING)
    address = f"/c/{conversation.pk}/writing/"
    assert f'hx-get="{address}"' in as_olivia.get("/").content.decode()
    assert f'hx-get="{address}"' in as_olivia.get(address).content.decode()
    Generation.objects.update(state=State.COMPLETE)
    assert as_olivia.get(address).content == b""


def test_the_mark_of_a_deleted_chat_gets_nothing_and_no_words(
    as_olivia: Client, olivia: User
) -> None:
    conversation = a_conversation(olivia)
    conversation.delete_softly()
    response = as_olivia.get(f"/c/{conversation.pk}/writing/", headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (404, b"")


def test_a_list_that_was_opened_further_is_renewed_as_far(as_olivia: Client, olivia: User) -> None:
    for number in range(2 * ROWS + 1):
        a_conversation(olivia, f"chat {number}")
    page = as_olivia.get("/c/", {"pages": "2"}, headers={"HX-Request": "true"}).content.decode()
    assert page.count('class="row"') == 2 * ROWS
    assert "?before=" in page
