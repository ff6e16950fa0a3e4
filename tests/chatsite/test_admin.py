"""Administering people."""

from django.test import Client

from chatsite.models import User
from tests.chats import a_conversation


def _deleting(user: User) -> str:
    return f"/admin/chatsite/user/{user.pk}/delete/"


def test_somebody_with_chats_can_be_deleted(as_ada: Client, olivia: User) -> None:
    a_conversation(olivia, turns=1)
    as_ada.post(_deleting(olivia), {"post": "yes"})

    assert not User.objects.filter(pk=olivia.pk).exists()


def test_whoever_deletes_somebody_reads_no_title_of_theirs(as_ada: Client, olivia: User) -> None:
    a_conversation(olivia, title="Only mine", turns=1)
    page = as_ada.get(_deleting(olivia)).content.decode()

    assert "Conversations: 1" in page
    assert "Only mine" not in page


def test_several_are_deleted_the_same_way(as_ada: Client, olivia: User, sam: User) -> None:
    a_conversation(olivia, title="Only mine", turns=1)
    fields = {"action": "delete_selected", "_selected_action": [olivia.pk, sam.pk]}
    page = as_ada.post("/admin/chatsite/user/", fields).content.decode()
    as_ada.post("/admin/chatsite/user/", {**fields, "post": "yes"})

    assert "Only mine" not in page
    assert not User.objects.filter(pk__in=[olivia.pk, sam.pk]).exists()


def test_a_stranger_deletes_nobody(as_sam: Client, olivia: User) -> None:
    as_sam.post(_deleting(olivia), {"post": "yes"})

    assert User.objects.filter(pk=olivia.pk).exists()
