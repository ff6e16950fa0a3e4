"""Drafts: kept while they are written, given back on any device, gone once they are sent."""

from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from conversations.locks import lock_owner, locked
from conversations.models import Conversation, Draft, Message, QueuedMessage


def draft_of(user: AbstractBaseUser, conversation: Conversation | None) -> str:
    kept = Draft.objects.for_user(user).filter(conversation=conversation)
    return kept.values_list("text", flat=True).first() or ""


@transaction.atomic
def keep(
    user: AbstractBaseUser, conversation: Conversation | None, text: str, send_id: UUID
) -> None:
    """Whoever writes last is kept, an empty text not at all.

    `send_id` is that of the send which the text is for: one that overtook its draft leaves none.
    Raises Conversation.DoesNotExist for a chat that was deleted meanwhile.
    """
    # A send holds the same rows: either it is seen here, or it finds the draft and drops it.
    if conversation is None:
        lock_owner(user.pk)
    else:
        locked(conversation)
    if _is_sent(user, send_id):
        return
    if text.strip():
        Draft.objects.update_or_create(
            owner_id=user.pk,
            conversation=conversation,
            defaults={"text": text, "saved_at": timezone.now()},
        )
    else:
        drop(user, conversation)


def drop(user: AbstractBaseUser, conversation: Conversation | None) -> None:
    Draft.objects.for_user(user).filter(conversation=conversation).delete()


def _is_sent(user: AbstractBaseUser, send_id: UUID) -> bool:
    """Or waits to be."""
    same = {"author_id": user.pk, "send_id": send_id}
    sent = Message.objects.filter(**same).values("pk")
    return sent.union(QueuedMessage.objects.filter(**same).values("pk"), all=True).exists()
