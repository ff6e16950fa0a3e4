"""How many chats may be pinned: as many as the list shows. One that comes back pinned, of the
archive or deleted, does not stay so where there is no room: it would stand in no list."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from conversations.locks import lock_owner
from conversations.models import Conversation
from conversations.rows import MOST_PINNED


class TooManyPinned(Exception):
    def __init__(self) -> None:
        words = _("%(most)d chats can be pinned. Take one off first.")
        super().__init__(words % {"most": MOST_PINNED})


def check_room(user: AbstractBaseUser, chats: Collection[UUID]) -> None:
    """For these, which are held by now; or TooManyPinned."""
    lock_owner(user.pk)
    others = Conversation.objects.for_user(user).pinned().exclude(pk__in=chats)
    if others.count() + len(chats) > MOST_PINNED:
        raise TooManyPinned


def unpin_excess(user: AbstractBaseUser, chats: Collection[UUID]) -> None:
    """Of these, which are held and came back, those for which there is no room."""
    lock_owner(user.pk)
    pinned = Conversation.objects.for_user(user).pinned()
    if (excess := pinned.count() - MOST_PINNED) > 0:
        back = pinned.filter(pk__in=chats).order_by("pinned_at").values_list("pk", flat=True)
        Conversation.objects.filter(pk__in=list(back[:excess])).update(pinned_at=None)
