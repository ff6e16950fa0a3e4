"""Acts on one chat or many: who may, what takes them back, and what no page posts."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Conversation, Tag
from tests.chats import a_conversation
from tests.conversations.views.test_order import HTMX, a_folder, arrange, titles

ACTS = ["pin", "unpin", "archive", "unarchive", "delete", "restore", "move", "tag", "untag"]


def undo(client: Client, act: str, *chats: Conversation, **fields: object) -> None:
    """Do it, and post the form that the notice of it has."""
    posted = {"act": act, "chat": [str(chat.pk) for chat in chats], **fields}
    notice = client.post("/c/arrange/", posted, headers=HTMX).content.decode()
    form = notice[notice.index("<chat-toast>") : notice.index("</chat-toast>")]
    found = re.findall(r'name="(\w+)"\s+value="([^"]*)"', unescape(form))
    told: dict[str, list[str]] = {}
    for name, value in found:
        told.setdefault(name, []).append(value)
    assert client.post("/c/arrange/", told, headers=HTMX).status_code == 200


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_gets_404_for_each_act(as_sam: Client, olivia: User, act: str) -> None:
    chat = a_conversation(olivia)
    assert arrange(as_sam, act, chat, tag="x") == 404
    posted = {"act": act, "tag": "x"}
    assert as_sam.post(f"/c/{chat.pk}/arrange/", posted).status_code == 404
    changed = Conversation.objects.exclude(pinned_at=None, archived_at=None, deleted_at=None)
    assert not changed.exists()
    assert not chat.tags.exists()


def test_of_several_only_ones_own_are_changed(as_sam: Client, sam: User, olivia: User) -> None:
    mine, hers = a_conversation(sam), a_conversation(olivia)
    assert arrange(as_sam, "delete", mine, hers) == 200
    assert list(Conversation.objects.filter(deleted_at=None)) == [hers]


def test_nobody_moves_a_chat_into_a_strangers_folder(
    as_sam: Client, sam: User, olivia: User
) -> None:
    chat, folder = a_conversation(sam), a_folder(olivia)
    assert arrange(as_sam, "move", chat, folder=folder.pk) == 404
    back = {"chat": chat.pk, "folder": folder.pk}
    as_sam.post("/c/arrange/", {"act": "move_back", **back}, headers=HTMX)
    chat.refresh_from_db()
    assert chat.folder is None


def test_a_stranger_does_not_see_that_an_answer_came(as_sam: Client, olivia: User) -> None:
    chat = a_conversation(olivia)
    Conversation.objects.update(unseen="complete")
    assert as_sam.post(f"/c/{chat.pk}/seen/").status_code == 404
    chat.refresh_from_db()
    assert chat.unseen == "complete"


@pytest.mark.parametrize(
    ("act", "fields"), [("archive", {}), ("delete", {}), ("tag", {"tag": "rye"})]
)
def test_an_act_on_several_can_be_undone(
    as_olivia: Client, olivia: User, act: str, fields: dict[str, str]
) -> None:
    chats = [a_conversation(olivia, title) for title in ("one", "two", "three")]
    undo(as_olivia, act, *chats[:2], **fields)
    assert titles(as_olivia) == ["three", "two", "one"]
    assert not Tag.conversations.through.objects.exists()


def test_moved_chats_go_back_each_to_its_own_folder(as_olivia: Client, olivia: User) -> None:
    first, second, loose = (a_conversation(olivia, title) for title in "abc")
    homes = [a_folder(olivia, name) for name in ("x", "y", "z")]
    arrange(as_olivia, "move", first, folder=homes[0].pk)
    arrange(as_olivia, "move", second, folder=homes[1].pk)
    undo(as_olivia, "move", first, second, loose, folder=homes[2].pk)
    order = Conversation.objects.order_by("title")
    assert list(order.values_list("folder__name", flat=True)) == ["x", "y", None]


def test_hundreds_are_moved_and_go_back(as_olivia: Client, olivia: User) -> None:
    folder = a_folder(olivia)
    rows = [Conversation(owner=olivia, title=f"{number}") for number in range(400)]
    Conversation.objects.bulk_create(rows)
    posted = {"act": "move", "folder": folder.pk, "chats": ",".join(str(row.pk) for row in rows)}
    notice = as_olivia.post("/c/arrange/", posted, headers=HTMX).content.decode()
    assert Conversation.objects.filter(folder=folder).count() == 400
    told = dict(
        re.findall(r'name="(\w+)"\s+value="([^"]*)"', notice[notice.index("<chat-toast>") :])
    )
    as_olivia.post("/c/arrange/", told, headers=HTMX)
    assert Conversation.objects.filter(folder=None).count() == 400


def test_undo_leaves_alone_what_was_so_before(as_olivia: Client, olivia: User) -> None:
    before, now = a_conversation(olivia, "before"), a_conversation(olivia, "now")
    arrange(as_olivia, "tag", before, tag="rye")
    undo(as_olivia, "tag", before, now, tag="rye")
    assert list(Tag.objects.get().conversations.all()) == [before]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"act": "archive"}, 422),
        ({"act": "burn", "chat": str(uuid4())}, 422),
        ({"act": "archive", "chat": "x"}, 404),
        ({"act": "archive", "chat": str(uuid4())}, 404),
        ({"act": "archive", "chats": ",".join([str(uuid4())] * 501)}, 422),
        ({"act": "tag", "chat": str(uuid4()), "tag": " # "}, 422),
        ({"act": "move_back", "chat": str(uuid4())}, 422),
        ({"act": "move", "chat": str(uuid4()), "folder": "x"}, 404),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_no_page_posts_gets_words_and_does_nothing(
    as_olivia: Client, fields: dict[str, object], status: int, headers: dict[str, str]
) -> None:
    assert as_olivia.post("/c/arrange/", fields, headers=headers).status_code == status


def test_without_javascript_the_list_comes_back_with_the_way_back(
    as_olivia: Client, olivia: User
) -> None:
    chat = a_conversation(olivia)
    page = as_olivia.post("/c/arrange/", {"act": "archive", "chat": chat.pk}).content.decode()
    assert "1 chat was archived." in page
    assert re.search(r'name="act"\s+value="unarchive"', page)


def test_without_javascript_one_comes_back_to_the_chat_or_to_its_tags(
    as_olivia: Client, olivia: User
) -> None:
    address = a_conversation(olivia).get_absolute_url()
    for act, to in (("pin", address), ("tag", f"{address}options/")):
        response = as_olivia.post(f"{address}arrange/", {"act": act, "tag": "rye"})
        assert response["Location"] == to


def test_the_list_stays_as_it_was_opened(as_olivia: Client, olivia: User) -> None:
    chats = [a_conversation(olivia, f"chat {number}") for number in range(120)]
    posted = {"act": "archive", "chat": chats[0].pk, "shelf": "pages=2&select=1"}
    page = as_olivia.post("/c/arrange/", posted, headers=HTMX).content.decode()
    assert page.count('class="row"') == 100
    assert 'type="checkbox"' not in page


def test_a_list_of_what_is_gone_becomes_the_whole(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, "mine")
    posted = {"act": "pin", "chat": chat.pk, "shelf": f"folder={uuid4()}"}
    assert "mine" in as_olivia.post("/c/arrange/", posted, headers=HTMX).content.decode()
