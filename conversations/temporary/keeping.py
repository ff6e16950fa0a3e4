"""Keeping a temporary chat after all: what the page has becomes a conversation like any other, as
one of a file does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from conversations.importing.rows import Rows, rows_of
from conversations.importing.storing import write
from conversations.importing.values import Ended, Source, SourceMessage
from conversations.limits import check_asking, check_drafting
from conversations.locks import lock_owner
from conversations.models import Conversation, ImportedSource
from conversations.temporary.forms import Said
from providers.models import Model


@dataclass(frozen=True, slots=True)
class Kept:
    """`id` is the page's own for what it shows."""

    id: UUID
    messages: Sequence[Said]
    model: Model | None = None
    system_prompt: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"temporary:{self.id}"


def keep(user: AbstractBaseUser, kept: Kept) -> Conversation:
    """The same id twice is one conversation. It counts as one question, and its text as much as a
    draft does; raises NotNow where there is no room for it."""
    rows = rows_of(user.pk, _source(kept))
    rows.conversation.model = kept.model
    return _stored(user, kept, rows)


@transaction.atomic
def _stored(user: AbstractBaseUser, kept: Kept, rows: Rows) -> Conversation:
    lock_owner(user.pk)
    sources = ImportedSource.objects.filter(owner_id=user.pk, key=kept.key)
    if mine := Conversation.objects.for_user(user).filter(imported_from__in=sources).first():
        return mine
    # Of one that was deleted since: whoever keeps it again wants it again.
    sources.delete()
    check_asking(user.pk)
    check_drafting(user.pk, sum(len(each.text.encode()) for each in kept.messages))
    write(rows, user.pk, kept.key)
    return rows.conversation


def _source(kept: Kept) -> Source:
    messages = tuple(_message(place, said) for place, said in enumerate(kept.messages))
    return Source(
        kept.key, "", messages, system_prompt=kept.system_prompt, parameters=kept.parameters
    )


def _message(place: int, said: Said) -> SourceMessage:
    return SourceMessage(
        id=f"{place}",
        parent=f"{place - 1}" if place else "",
        role=said.role,
        text=said.text,
        reasoning=said.reasoning,
        model_name=said.model_name,
        ended=Ended(said.state),
    )
