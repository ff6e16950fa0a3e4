import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Generation
from conversations.models.generation import State
from conversations.rows import ROWS
from tests.chats import a_conversation, add_turn


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
    assert "chat number 0." in as_olivia.get("/c/?page=2").content.decode()


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%25%25%25", "page=-1", "page=x", "page=999999999999", "q=" + "a+" * 500]
)
def test_odd_queries_get_a_page(as_olivia: Client, query: str) -> None:
    assert as_olivia.get(f"/c/?{query}").status_code == 200


def test_the_next_page_keeps_the_search(as_olivia: Client, olivia: User) -> None:
    for number in range(ROWS + 1):
        a_conversation(olivia, f"a & b {number}")
    page = as_olivia.get("/c/", {"q": "a & b"}).content.decode()
    assert "/c/?page=2&amp;q=a+%26+b" in page


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
    assert "?page=3" in page
