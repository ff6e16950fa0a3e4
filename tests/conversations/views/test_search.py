from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.branch import PAGE
from conversations.models import Conversation, Message, SearchEntry
from conversations.models.search import message_entry
from providers.models import Model
from tests.chats import a_conversation, a_model, add_turn, asked

HTMX = {"HX-Request": "true"}


def found(client: Client, words: str = "", **fields: str) -> str:
    return client.get("/search/", {"q": words, **fields}, headers=HTMX).content.decode()


def told(owner: User, question: str, answer: str = "", **fields: object) -> Message:
    """A question and its answer as they stand in the index; gives back the answer."""
    conversation = a_conversation(owner, "A title")
    written = add_turn(conversation, question, answer or "none")
    conversation.show(written, None)
    Message.objects.filter(conversation=conversation).update(**fields)
    messages = Message.objects.filter(conversation=conversation)
    SearchEntry.objects.bulk_create(message_entry(message, owner.pk) for message in messages)
    return written


def test_the_hit_is_marked_and_all_else_is_escaped(as_olivia: Client, olivia: User) -> None:
    told(olivia, "<b>bold</b> & a Needle <script>")
    page = found(as_olivia, "needle")
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; a <mark>Needle</mark> &lt;script&gt;" in page


@pytest.mark.parametrize(
    "words", ["数据库", "数据", "库", "锁", "为什么 锁住", "数据库为什么会锁住", "postgres数据"]
)
def test_chinese_is_found_by_words_of_any_length(
    as_olivia: Client, olivia: User, words: str
) -> None:
    told(olivia, "Postgres数据库为什么会锁住?")
    assert "<mark>" in found(as_olivia, words)


@pytest.mark.parametrize("words", ["据数", "数库", "数锁", "锁住了"])
def test_chinese_that_is_not_there_is_not_found(
    as_olivia: Client, olivia: User, words: str
) -> None:
    told(olivia, "数据库为什么会锁住? 据库")
    assert "<mark>" not in found(as_olivia, words)


def test_characters_of_two_places_are_no_word(as_olivia: Client, olivia: User) -> None:
    told(olivia, "数据在这里，根据库存")
    assert "No message" in found(as_olivia, "数据库")


@pytest.mark.parametrize("words", ["CAFE", "ｃａｆé", '"grand café"', "caf", "“Grand Café”"])
def test_case_accents_and_widths_make_no_difference(
    as_olivia: Client, olivia: User, words: str
) -> None:
    told(olivia, "The grand café")
    assert "<mark>" in found(as_olivia, words)


def test_quotes_ask_for_words_in_their_order(as_olivia: Client, olivia: User) -> None:
    told(olivia, "green light, red car")
    assert "<mark>" in found(as_olivia, "red green")
    assert "<mark>" not in found(as_olivia, '"red green"')


@pytest.mark.parametrize("words", ["needle", "owner{}", "\ue000owner{}", "title", ""])
def test_a_stranger_finds_nothing(as_sam: Client, olivia: User, sam: User, words: str) -> None:
    told(olivia, "needle", f"owner{olivia.pk}")
    told(sam, "my own", f"\ue000owner{olivia.pk} \ue000title")
    page = found(as_sam, words.format(olivia.pk), role="user")
    assert page.count("<li") == (0 if words else 1)
    assert "needle" not in page


def test_a_text_that_names_another_owner_is_not_theirs(
    as_olivia: Client, olivia: User, sam: User
) -> None:
    told(sam, f"needle \ue000owner{olivia.pk} owner{olivia.pk}")
    assert "No message" in found(as_olivia, "needle")


def test_a_stranger_is_led_nowhere(as_sam: Client, olivia: User) -> None:
    assert as_sam.get(f"/m/{told(olivia, 'needle').pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/search/?q=needle", "/m/{}/"])
def test_nobody_is_sent_to_log_in(client: Client, olivia: User, address: str) -> None:
    response = client.get(address.format(told(olivia, "needle").pk))
    assert response["Location"].startswith("/accounts/login/")


def test_a_deleted_conversation_is_not_found_until_it_is_restored(
    as_olivia: Client, olivia: User
) -> None:
    conversation = told(olivia, "needle").conversation
    conversation.delete_softly()
    assert "<mark>" not in found(as_olivia, "needle")
    conversation.restore()
    assert "<mark>" in found(as_olivia, "needle")


def test_titles_are_found_as_they_are_now(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia, "Thimbles and thread")
    conversation.rename("Bobbins")
    assert "<mark>" not in found(as_olivia, "thimble")
    assert "<mark>Bobbin</mark>s" in found(as_olivia, "bobbin", role="title")


@pytest.mark.parametrize(
    ("fields", "hits"),
    [
        ({"role": "user"}, 1),
        ({"role": "assistant"}, 1),
        ({"role": "title"}, 0),
        ({"model": "Oracle"}, 2),
        ({"model": "Other"}, 0),
        ({"image": "on"}, 0),
        ({"code": "on"}, 1),
        ({"since": "2001-01-01"}, 2),
        ({"until": "2001-01-01"}, 0),
        ({"since": "9999-12-31", "until": "9999-12-31"}, 0),
    ],
)
def test_filters_leave_what_fits(
    as_olivia: Client, olivia: User, fields: dict[str, str], hits: int
) -> None:
    told(olivia, "needle", "needle\n```py\n1\n```", model_name="Oracle")
    assert found(as_olivia, "needle", **fields).count("<li") == hits


def test_days_are_whole(as_olivia: Client, olivia: User) -> None:
    now = timezone.localtime()
    told(olivia, "needle", created_at=now)
    today, tomorrow = (f"{now + timedelta(days=days):%Y-%m-%d}" for days in (0, 1))
    assert "<mark>" in found(as_olivia, "needle", since=today, until=today)
    assert "<mark>" not in found(as_olivia, "needle", since=tomorrow)


def test_a_filter_alone_lists_what_fits(as_olivia: Client, olivia: User) -> None:
    told(olivia, "first", "~~~\ncode\n~~~")
    assert found(as_olivia, code="on").count("<li") == 1


def test_a_date_that_is_none_gets_words(as_olivia: Client) -> None:
    assert "such as 2026-01-31" in found(as_olivia, "needle", since="yesterday")


def test_further_hits_come_page_by_page_newest_first(as_olivia: Client, olivia: User) -> None:
    now = timezone.now()
    for number in range(25):
        told(olivia, f"needle n{number}.", created_at=now - timedelta(days=number))
    first = found(as_olivia, "needle")
    assert ("n0." in first, "n24." in first, first.count("<li")) == (True, False, 20)
    before = first.split("before=")[1].split('"')[0]
    second = found(as_olivia, "needle", before=before)
    assert ("n24." in second, second.count("<li"), "before=" in second) == (True, 5, False)


def test_phrases_that_hardly_ever_fit_end_a_page_early(as_olivia: Client, olivia: User) -> None:
    now = timezone.now()
    told(olivia, "数据库", created_at=now - timedelta(days=9))
    conversation = a_conversation(olivia)
    rows = [
        Message(conversation=conversation, role="user", content="据库，数据", created_at=now)
        for _ in range(150)
    ]
    stored = Message.objects.bulk_create(rows)
    SearchEntry.objects.bulk_create(message_entry(message, olivia.pk) for message in stored)
    first = found(as_olivia, "数据库")
    assert "There are older messages" in first
    before = first.split("before=")[1].split('"')[0]
    assert "<mark>数据库</mark>" in found(as_olivia, "数据库", before=before)


HOSTILE = [
    "%", "_", "*", '"', "'", "''", '"" OR 1', "a* OR b*", "NEAR(a b)", "terms: a", "-a", "a:*",
    "!a", "a & b | !c", "\\", "\\'", "(((", "^a", "{a b}: c", "%%%%%%", "a" * 10_000,
    "a " * 5_000, "库" * 3_400, '"' * 10_000, "\x00", "a\x00b", "\ud800", "\ue000owner1",
    "(a+)+$" * 50, "é" * 300, "\u0301" * 200, "ﷺ" * 200, "👩‍👩‍👧", "𠮷", "\u202e", "١٢٣",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words)[:20])
def test_no_query_is_more_than_words(as_olivia: Client, olivia: User, words: str) -> None:
    told(olivia, "needle a b c 1")
    query = words.encode("utf-8", "surrogatepass")
    assert as_olivia.get("/search/", {"q": query}).status_code == 200


@pytest.mark.parametrize(
    "query", ["before=x", "before=9" + "9" * 30, "before=-1", "role=root", "model=" + "m" * 5000,
              "since=%00", "until=99999-01-01", "code=%00", "q=a&q=b"]
)  # fmt: skip
def test_odd_fields_get_a_page(as_olivia: Client, query: str) -> None:
    assert as_olivia.get(f"/search/?q=a&{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 15])
def test_a_page_asks_as_much_for_many_hits_as_for_one(
    as_olivia: Client, olivia: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_model()
    for _ in range(count):
        told(olivia, "needle")
    # Postgres looks among the newest first.
    with django_assert_num_queries(15 + (connection.vendor == "postgresql")):
        as_olivia.get("/search/?q=needle")


def test_what_follows_the_typing_asks_for_hits_alone(
    as_olivia: Client, olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    told(olivia, "needle")
    # Beside the session and its user.
    with django_assert_num_queries(4 + (connection.vendor == "postgresql")):
        found(as_olivia, "needle")


def test_a_question_is_found_as_soon_as_it_is_sent(as_olivia: Client, olivia: User) -> None:
    asked(olivia, a_model(), "Where is the needle?")
    page = found(as_olivia, "needle", role="user")
    assert "Where is the <mark>needle</mark>?" in page


def test_the_address_of_a_search_is_short(as_olivia: Client) -> None:
    fields = {"q": "a b", "role": "", "model": "", "since": "", "code": "on"}
    response = as_olivia.get("/search/", fields, headers=HTMX)
    assert response["HX-Replace-Url"] == "/search/?q=a+b&code=on"


def test_the_list_of_titles_leads_on_to_all_messages(as_olivia: Client) -> None:
    page = as_olivia.get("/c/", {"q": 'a & "b"'}).content.decode()
    assert 'href="/search/?q=a%20%26%20%22b%22"' in page


def test_a_hit_in_a_long_conversation_opens_the_page_that_holds_it(
    as_olivia: Client, olivia: User
) -> None:
    conversation = a_conversation(olivia, turns=PAGE * 2)
    message = Message.objects.get(content="question 7")
    address = as_olivia.get(f"/m/{message.pk}/")["Location"]
    assert address.endswith(f"#{message.dom_id}")
    page = as_olivia.get(address).content.decode()
    assert f'id="{message.dom_id}"' in page
    assert f"{conversation.get_absolute_url()}?after=" in page.split("later")[1]


def test_later_pages_lead_to_the_end(as_olivia: Client, olivia: User) -> None:
    a_conversation(olivia, turns=PAGE * 2)
    address = as_olivia.get(f"/m/{Message.objects.get(content='question 0').pk}/")["Location"]
    seen = []
    while 'class="later"' in (page := as_olivia.get(address).content.decode()):
        seen.append(page.count("<article"))
        address = page.split('class="later"')[1].split('href="')[1].split('"')[0]
    assert f"answer {PAGE * 2 - 1}" in page
    assert len(seen) == 4


def test_later_messages_are_put_below_each_once(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia, turns=PAGE)
    after = Message.objects.get(content="answer 5").pk
    address = f"{conversation.get_absolute_url()}?after={after}"
    first = as_olivia.get(address, headers=HTMX).content.decode()
    assert ("question 6<" in first, "answer 25<" in first, "earlier" in first) == (
        True,
        True,
        False,
    )
    address = first.split('class="later"')[1].split('href="')[1].split('"')[0]
    last = as_olivia.get(address, headers=HTMX).content.decode()
    assert ("question 26<" in last, "answer 25<" in last, "later" in last) == (True, False, False)


def test_a_hit_on_another_branch_turns_the_conversation_to_it(
    as_olivia: Client, olivia: User
) -> None:
    older = told(olivia, "q", "the older answer")
    newer = Message.objects.create(
        conversation=older.conversation, parent=older.parent, role="assistant", content="newer"
    )
    older.conversation.show(newer, None)
    response = as_olivia.get(f"/m/{older.pk}/")
    assert response["Location"] == f"/c/{older.conversation_id}/#m-{older.pk}"
    older.conversation.refresh_from_db()
    assert older.conversation.leaf_id == older.pk


def test_the_sidebar_shows_messages_below_the_titles(as_olivia: Client, olivia: User) -> None:
    answer = told(olivia, "Where is the needle?")
    page = as_olivia.get("/c/?q=needle", headers=HTMX).content.decode()
    assert "No title holds" in page
    assert f'href="/m/{answer.parent_id}/"' in page
    assert "the <mark>needle</mark>?" in page


def test_a_stranger_s_sidebar_shows_none_of_them(as_sam: Client, olivia: User) -> None:
    told(olivia, "Where is the needle?")
    assert "the <mark>" not in as_sam.get("/c/?q=needle", headers=HTMX).content.decode()


def test_a_filter_offers_the_models_that_were_asked(as_olivia: Client, olivia: User) -> None:
    gone = asked(olivia, a_model(model_id="retired"))
    Model.objects.update(enabled=False)
    page = as_olivia.get("/search/").content.decode()
    assert f'<option value="{gone.answer.model_name}">' in page


def test_a_search_is_narrowed_to_a_folder_and_to_a_tag(as_olivia: Client, olivia: User) -> None:
    folder = olivia.folders.create(name="Work")
    tag = olivia.tags.create(name="rye", folded="rye")
    for title in ("quoll filed", "quoll tagged", "quoll alone"):
        chat = Conversation.objects.create(owner=olivia, title=title)
        chat.tags.set([tag] if "tagged" in title else [])
        Conversation.objects.filter(pk=chat.pk, title__contains="filed").update(folder=folder)
    for query, title in ((f"folder={folder.pk}", "filed"), (f"tag={tag.pk}", "tagged")):
        hits = as_olivia.get(f"/search/?q=quoll&{query}", headers={"HX-Request": "true"})
        assert hits.content.decode().count('class="hit"') == 1
        assert title in hits.content.decode()


def test_a_strangers_folder_is_the_same_to_a_search_as_none(as_sam: Client, olivia: User) -> None:
    folder = olivia.folders.create(name="Secret")
    tag = olivia.tags.create(name="secret", folded="secret")
    for name, theirs in (("folder", folder.pk), ("tag", tag.pk)):
        page = as_sam.get(f"/search/?q=x&{name}={theirs}", headers={"HX-Request": "true"})
        nobodys = as_sam.get(f"/search/?q=x&{name}={uuid4()}", headers={"HX-Request": "true"})
        assert "is not here any more" in page.content.decode()
        assert page.content == nobodys.content
