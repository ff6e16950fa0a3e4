"""Pinned chats, the archive, folders and tags in the list, and new chats in a folder."""

import re

import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Conversation, Folder, Tag
from providers.models import Provider
from tests.chats import a_conversation, a_model

HTMX = {"HX-Request": "true"}


def titles(client: Client, address: str = "/c/") -> list[str]:
    """Of the rows, in their order."""
    page = client.get(address, headers=HTMX).content.decode()
    return re.findall(r'href="/c/[0-9a-f-]{36}/"\s+dir="auto"[^>]*>([^<]*)</a>', page)


def a_folder(owner: User, name: str = "Work", **fields: object) -> Folder:
    return Folder.objects.create(owner=owner, name=name, **fields)


def a_tag(owner: User, name: str = "rye") -> Tag:
    return Tag.objects.create(owner=owner, name=name, folded=name)


def arrange(client: Client, act: str, *chats: Conversation, **fields: object) -> int:
    posted = {"act": act, "chat": [str(chat.pk) for chat in chats], **fields}
    return client.post("/c/arrange/", posted, headers=HTMX).status_code


def test_pinned_chats_come_first(as_olivia: Client, olivia: User) -> None:
    first, _second = a_conversation(olivia, "first"), a_conversation(olivia, "second")
    assert titles(as_olivia) == ["second", "first"]
    arrange(as_olivia, "pin", first)
    assert titles(as_olivia) == ["first", "second"]
    arrange(as_olivia, "unpin", first)
    assert titles(as_olivia) == ["second", "first"]


def test_only_so_many_can_be_pinned(as_olivia: Client, olivia: User) -> None:
    chats = [a_conversation(olivia, f"{number}") for number in range(51)]
    assert arrange(as_olivia, "pin", *chats[:50]) == 200
    assert arrange(as_olivia, "pin", chats[50]) == 409
    assert Conversation.objects.pinned().count() == 50


@pytest.mark.parametrize(
    ("away", "back"), [("delete", "restore"), ("archive", "unarchive"), ("delete", "by itself")]
)
def test_who_comes_back_where_no_more_are_pinned_is_in_the_list(
    as_olivia: Client, olivia: User, away: str, back: str
) -> None:
    chats = [a_conversation(olivia, f"{number}") for number in range(51)]
    arrange(as_olivia, "pin", *chats[:50])
    arrange(as_olivia, away, chats[0])
    assert arrange(as_olivia, "pin", chats[50]) == 200
    if back == "by itself":
        as_olivia.post(f"/c/{chats[0].pk}/restore/", headers=HTMX)
    else:
        arrange(as_olivia, back, chats[0])
    assert Conversation.objects.pinned().count() == 50
    assert titles(as_olivia)[-1] == "0"


def test_an_archived_chat_that_is_asked_is_not_pinned(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    arrange(as_olivia, "pin", chat)
    arrange(as_olivia, "archive", chat)
    chat.refresh_from_db()
    chat.show(leaf=chat.messages.get(role="assistant"), model=None)
    chat.refresh_from_db()
    assert chat.pinned_at is None


def test_an_archived_chat_is_in_the_archive_alone_and_comes_back(
    as_olivia: Client, olivia: User
) -> None:
    chat = a_conversation(olivia, "old")
    arrange(as_olivia, "archive", chat)
    assert (titles(as_olivia), titles(as_olivia, "/c/?archive=1")) == ([], ["old"])
    arrange(as_olivia, "unarchive", chat)
    assert (titles(as_olivia), titles(as_olivia, "/c/?archive=1")) == (["old"], [])


def test_words_find_titles_wherever_they_stand(as_olivia: Client, olivia: User) -> None:
    archived, filed = a_conversation(olivia, "rye one"), a_conversation(olivia, "rye two")
    arrange(as_olivia, "archive", archived)
    arrange(as_olivia, "move", filed, folder=a_folder(olivia).pk)
    assert titles(as_olivia, "/c/?q=rye") == ["rye two", "rye one"]


def test_an_archived_chat_says_so_and_comes_back_with_a_question(
    as_olivia: Client, olivia: User
) -> None:
    chat = a_conversation(olivia, "old", turns=1)
    arrange(as_olivia, "archive", chat)
    assert "This chat is archived" in as_olivia.get(f"/c/{chat.pk}/").content.decode()
    chat.refresh_from_db()
    chat.show(leaf=chat.messages.get(role="assistant"), model=None)
    assert titles(as_olivia) == ["old"]


def test_a_chat_stands_in_its_folder_and_not_beside_it(as_olivia: Client, olivia: User) -> None:
    chat, folder = a_conversation(olivia, "filed"), a_folder(olivia)
    arrange(as_olivia, "move", chat, folder=folder.pk)
    assert (titles(as_olivia), titles(as_olivia, f"/c/?folder={folder.pk}")) == ([], ["filed"])
    arrange(as_olivia, "move", chat, folder="")
    assert titles(as_olivia) == ["filed"]


def test_beside_a_chat_stands_the_list_of_its_folder(as_olivia: Client, olivia: User) -> None:
    chat, folder = a_conversation(olivia, "filed"), a_folder(olivia)
    arrange(as_olivia, "move", chat, folder=folder.pk)
    page = as_olivia.get(f"/c/{chat.pk}/").content.decode()
    assert f'value="folder={folder.pk}"' in page


def test_tags_are_put_on_and_taken_off(as_olivia: Client, olivia: User) -> None:
    chat, _other = a_conversation(olivia, "bread"), a_conversation(olivia, "other")
    arrange(as_olivia, "tag", chat, tag="#Rye")
    arrange(as_olivia, "tag", chat, tag="rye")
    [tag] = Tag.objects.all()
    assert (tag.name, titles(as_olivia, f"/c/?tag={tag.pk}")) == ("Rye", ["bread"])
    arrange(as_olivia, "untag", chat, tag="RYE")
    assert titles(as_olivia, f"/c/?tag={tag.pk}") == []


def test_a_new_chat_in_a_folder_begins_as_the_folder_says(as_olivia: Client, olivia: User) -> None:
    a_model(model_id="first")
    model = a_model(model_id="second")
    folder = a_folder(olivia, system_prompt="Speak of rye.", model=model)
    page = as_olivia.get(f"/?folder={folder.pk}").content.decode()
    assert "Speak of rye." in page
    assert re.search(rf'value="{model.pk}"[^>]*selected', page)


@pytest.mark.django_db(transaction=True)
def test_a_question_from_a_folder_stands_there(as_olivia: Client, olivia: User) -> None:
    folder, model = a_folder(olivia), a_model()
    as_olivia.post("/c/", {"text": "Why?", "model": model.pk, "folder": folder.pk})
    assert Conversation.objects.get().folder == folder


def test_a_folders_model_is_nobodys_pick(as_olivia: Client, olivia: User) -> None:
    first, model = a_model(model_id="first"), a_model(model_id="second")
    folder = a_folder(olivia, model=model)
    page = as_olivia.get(f"/?folder={folder.pk}").content.decode()
    assert f'name="begins_with" value="{model.pk}"' in page
    assert f'name="begins_with" value="{first.pk}"' in as_olivia.get("/").content.decode()


def test_a_deleted_folder_keeps_its_chats_and_gets_them_back(
    as_olivia: Client, olivia: User
) -> None:
    chat, folder = a_conversation(olivia, "filed"), a_folder(olivia)
    arrange(as_olivia, "move", chat, folder=folder.pk)
    as_olivia.post(f"/folders/{folder.pk}/delete/")
    assert titles(as_olivia) == ["filed"]
    as_olivia.post(f"/folders/{folder.pk}/restore/")
    assert titles(as_olivia, f"/c/?folder={folder.pk}") == ["filed"]


def test_a_chat_that_was_put_elsewhere_stays_there(as_olivia: Client, olivia: User) -> None:
    chat, old, new = a_conversation(olivia), a_folder(olivia, "old"), a_folder(olivia, "new")
    arrange(as_olivia, "move", chat, folder=old.pk)
    as_olivia.post(f"/folders/{old.pk}/delete/")
    arrange(as_olivia, "move", chat, folder=new.pk)
    as_olivia.post(f"/folders/{old.pk}/restore/")
    chat.refresh_from_db()
    assert chat.folder == new


def test_a_folder_is_made_changed_and_shown(as_olivia: Client, olivia: User) -> None:
    as_olivia.post("/folders/", {"name": "  Work  "})
    folder = Folder.objects.get()
    as_olivia.post(f"/folders/{folder.pk}/", {"name": "工作", "system_prompt": "Short."})
    folder.refresh_from_db()
    assert (folder.name, folder.system_prompt, folder.model) == ("工作", "Short.", None)
    assert "工作" in as_olivia.get("/c/", headers=HTMX).content.decode()


def test_a_folder_keeps_its_model_while_that_is_not_offered(
    as_olivia: Client, olivia: User
) -> None:
    model = a_model()
    folder = a_folder(olivia, model=model)
    Provider.objects.update(enabled=False)
    page = as_olivia.get(f"/folders/{folder.pk}/").content.decode()
    assert re.search(rf'value="{model.pk}"\s+selected', page)
    as_olivia.post(f"/folders/{folder.pk}/", {"name": "工作", "model": model.pk})
    folder.refresh_from_db()
    assert (folder.name, folder.model) == ("工作", model)


@pytest.mark.parametrize("name", ["", "   ", "\x07", "x" * 61])
def test_a_folder_needs_a_name_of_some_length(as_olivia: Client, olivia: User, name: str) -> None:
    assert as_olivia.post("/folders/", {"name": name}).status_code == 422
    assert not Folder.objects.exists()


def test_a_user_has_so_many_folders_and_no_more(as_olivia: Client, olivia: User) -> None:
    Folder.objects.bulk_create(Folder(owner=olivia, name=f"{number}") for number in range(100))
    response = as_olivia.post("/folders/", {"name": "one more"})
    assert response.status_code == 409
    assert "You have 100 folders already" in response.content.decode()


def test_a_tag_is_renamed_but_not_to_another_ones_name(as_olivia: Client, olivia: User) -> None:
    rye, oats = a_tag(olivia, "rye"), a_tag(olivia, "oats")
    assert as_olivia.post(f"/tags/{rye.pk}/", {"name": "Wheat"}).status_code == 302
    assert as_olivia.post(f"/tags/{oats.pk}/", {"name": "WHEAT"}).status_code == 409
    assert set(Tag.objects.values_list("name", flat=True)) == {"Wheat", "oats"}


@pytest.mark.parametrize(
    "address",
    ["/c/?folder={folder}", "/c/?tag={tag}", "/?folder={folder}", "/folders/{folder}/"],
)
def test_a_stranger_finds_neither_folder_nor_tag(
    as_sam: Client, as_olivia: Client, olivia: User, address: str
) -> None:
    told = {"folder": a_folder(olivia).pk, "tag": a_tag(olivia).pk}
    never = dict.fromkeys(told, "8a1f3a0e-0000-4000-8000-000000000000")
    assert as_olivia.get(address.format(**told)).status_code == 200
    theirs, nobodys = (as_sam.get(address.format(**each)) for each in (told, never))
    assert (theirs.status_code, nobodys.status_code) == (404, 404)


@pytest.mark.parametrize(
    "address",
    ["/folders/{folder}/", "/folders/{folder}/delete/", "/tags/{tag}/", "/tags/{tag}/delete/"],
)
def test_a_stranger_changes_neither_folder_nor_tag(
    as_sam: Client, olivia: User, address: str
) -> None:
    told = {"folder": a_folder(olivia).pk, "tag": a_tag(olivia).pk}
    assert as_sam.post(address.format(**told), {"name": "mine"}).status_code == 404
    assert (Folder.objects.get().name, Folder.objects.get().deleted_at) == ("Work", None)
    assert Tag.objects.get().name == "rye"


def test_a_stranger_brings_no_folder_back(as_sam: Client, as_olivia: Client, olivia: User) -> None:
    folder = a_folder(olivia)
    as_olivia.post(f"/folders/{folder.pk}/delete/")
    assert as_sam.post(f"/folders/{folder.pk}/restore/").status_code == 404
    assert "Work" not in as_sam.get("/folders/").content.decode()


def test_a_strangers_folder_takes_no_question(as_sam: Client, olivia: User) -> None:
    folder, model = a_folder(olivia), a_model()
    posted = {"text": "Why?", "model": model.pk, "folder": folder.pk}
    assert as_sam.post("/c/", posted).status_code == 422
    assert not Conversation.objects.exists()
