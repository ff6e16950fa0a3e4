"""The folders of a user. Deleting one keeps its chats, and can be undone for a day."""

from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import watching
from conversations.locks import lock_chats, lock_owner, locked_folder
from conversations.models import Conversation, Folder

MOST_FOLDERS = 100
# So many parameters any database takes.
AT_ONCE = 500


class TooManyFolders(Exception):
    def __init__(self) -> None:
        words = _("You have %(most)d folders already. Delete one first.")
        super().__init__(words % {"most": MOST_FOLDERS})


def folders_of(user: AbstractBaseUser) -> list[Folder]:
    """For showing: with their names, and whether there is news in them."""
    return list(Folder.objects.for_user(user).with_news().only("id", "name"))


@transaction.atomic
def create_folder(user: AbstractBaseUser, name: str) -> Folder:
    """Or TooManyFolders."""
    lock_owner(user.pk)
    _check_room(user)
    _tell(user)
    return Folder.objects.create(owner_id=user.pk, name=name)


@transaction.atomic
def delete_folder(user: AbstractBaseUser, folder: Folder) -> None:
    """Its chats stand in no folder then, also those that are deleted: they may come back.

    Raises Folder.DoesNotExist where somebody was faster.
    """
    chats = Conversation.objects.filter(folder=folder)
    # The chats first, as who moves some does.
    lock_chats(chats)
    # Else a chat that is just being put into it would stand nowhere.
    folder = locked_folder(folder.pk, user.pk)
    folder.held = [str(pk) for pk in chats.values_list("pk", flat=True)]
    folder.deleted_at = timezone.now()
    folder.save(update_fields=["held", "deleted_at"])
    chats.update(folder=None)
    _tell(user)


@transaction.atomic
def restore_folder(user: AbstractBaseUser, folder: Folder) -> None:
    """With its chats, but for those that were put elsewhere since; or TooManyFolders."""
    _check_room(user)
    held = sorted(folder.held)
    parts = [held[start : start + AT_ONCE] for start in range(0, len(held), AT_ONCE)]
    mine = Conversation.objects.filter(owner_id=user.pk)
    for part in parts:
        lock_chats(mine.filter(pk__in=part))
    folder.held, folder.deleted_at = [], None
    folder.save(update_fields=["held", "deleted_at"])
    for part in parts:
        mine.filter(pk__in=part, folder=None).update(folder=folder)
    _tell(user)


def _tell(user: AbstractBaseUser) -> None:
    transaction.on_commit(partial(watching.list_changed, user.pk))


def _check_room(user: AbstractBaseUser) -> None:
    if Folder.objects.for_user(user).count() >= MOST_FOLDERS:
        raise TooManyFolders
