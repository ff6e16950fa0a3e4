"""What is kept to begin with: a user's own, or the site's for everybody."""

import uuid
from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import UNDO_PERIOD, Viewer

NAME_LENGTH = 80
MOST_WORDS = 8
# Of a text in a list, and one more says that it goes on.
MOST_SHOWN = 120

E = TypeVar("E", bound="Entry")


class EntryQuerySet(models.QuerySet[E]):
    def for_user(self, user: Viewer) -> Self:
        """What this user may begin with: their own and the site's."""
        return self.filter(Q(owner=None) | Q(owner_id=user.pk), deleted_at=None)

    def owned_by(self, user: Viewer) -> Self:
        """What this user may change."""
        return self.filter(owner_id=user.pk, deleted_at=None)

    def deleted_by(self, user: Viewer) -> Self:
        return self.filter(owner_id=user.pk, deleted_at__isnull=False)

    def of_the_site(self) -> Self:
        return self.filter(owner=None)

    def past_undo(self, now: datetime) -> Self:
        return self.filter(deleted_at__lt=now - UNDO_PERIOD)

    def in_order(self) -> Self:
        """One's own first, each by name."""
        return self.order_by(F("owner").asc(nulls_last=True), "name", "pk")

    def listed(self) -> Self:
        """With what each `begins` with in the place of its long texts."""
        shown = Left(self.model.long[0], MOST_SHOWN + 1)
        return self.defer(*self.model.long).annotate(begins=shown)

    def named_like(self, words: str) -> Self:
        """Whose names hold every one of the words, in any case and order."""
        found = self
        for word in words.split()[:MOST_WORDS]:
            found = found.filter(name__icontains=word)
        return found


class Entry(models.Model):
    """Without an owner it is the site's: only an administrator changes it."""

    #: Its texts that may be long; of the first one a list shows the beginning.
    long: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @cached_property
    def begins(self) -> str:
        return str(getattr(self, self.long[0]))[: MOST_SHOWN + 1]

    def delete_softly(self) -> None:
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])

    def restore(self) -> None:
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])
