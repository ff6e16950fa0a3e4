"""A conversation: one owner, a title, and the leaf of the branch that is shown."""

import uuid
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import md5
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models.functions import MD5, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.transcript import Keep

Viewer = AbstractBaseUser | AnonymousUser

TITLE_LENGTH = 120
# Long enough to change one's mind the next morning, short enough that deleted means deleted.
UNDO_PERIOD = timedelta(days=1)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Besides the time of the last question, what the place of a row depends on, and its mark.
PLACE = ("pinned_at", "archived_at", "folder_id", "unseen")


def moment_stamp(at: datetime | None) -> str:
    """Another one for each moment; nothing for none."""
    return f"{(at - EPOCH) // timedelta(microseconds=1):x}" if at else ""


def row_stamp(title: str, updated_at: datetime, *place: object) -> str:
    """Of what the list shows of a conversation, and of its `place` in it: see PLACE."""
    said = "\n".join((title, *map(str, place)))
    digest = md5(said.encode(), usedforsecurity=False).hexdigest()
    return f"{moment_stamp(updated_at)}.{digest[:8]}"


class Titled(StrEnum):
    """Where a title comes from. The values are stored."""

    BY_HAND = ""
    WORDS = "words"
    # Still the first words: a model was asked for a better one, and no other will be.
    ASKED = "asked"


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def for_user(self, user: Viewer) -> "ConversationQuerySet":
        """The one start of every query: what this user may see."""
        return self.filter(owner_id=user.pk, deleted_at=None)

    def deleted_by(self, user: Viewer) -> "ConversationQuerySet":
        """Those that can still be restored."""
        return self.filter(owner_id=user.pk, deleted_at__gte=timezone.now() - UNDO_PERIOD)

    def archived(self) -> "ConversationQuerySet":
        """Out of the way: in no list but that of the archive, and found by searching."""
        return self.filter(archived_at__isnull=False)

    def pinned(self) -> "ConversationQuerySet":
        return self.filter(pinned_at__isnull=False, archived_at=None)

    def standing(self, folder_id: uuid.UUID | None) -> "ConversationQuerySet":
        """Under their dates in this folder, or in none."""
        return self.filter(folder=folder_id, pinned_at=None, archived_at=None)

    def unseen(self) -> "ConversationQuerySet":
        return self.filter(unseen__isnull=False, deleted_at=None, archived_at=None)

    def before(self, updated_at: datetime, pk: uuid.UUID) -> "ConversationQuerySet":
        """Those that `newest_first` has after this place."""
        later = models.Q(updated_at=updated_at, pk__gte=pk)
        return self.filter(updated_at__lte=updated_at).exclude(later)

    def newest_first(self) -> "ConversationQuerySet":
        return self.order_by("-updated_at", "-id")

    def titled_like(self, words: str) -> "ConversationQuerySet":
        """Titles that hold every one of the words, in any case and order."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(title__icontains=word)
        return found

    def stamped(self) -> "ConversationQuerySet":
        """With `marked`, their `stamp` as the database makes it: a system prompt may be long."""
        parts = ("title", models.Value("\n"), "system_prompt")
        said = Concat(*parts, output_field=models.TextField())
        return self.annotate(marked=MD5(said))

    def past_undo(self, now: datetime) -> "ConversationQuerySet":
        return self.filter(deleted_at__lt=now - UNDO_PERIOD)


class Conversation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations"
    )
    title = models.CharField(max_length=TITLE_LENGTH)
    # One of Titled. Whatever is not known to be otherwise was chosen by somebody.
    titled = models.CharField(
        max_length=8, default=Titled.BY_HAND.value, db_default="", blank=True, editable=False
    )
    system_prompt = models.TextField(blank=True)
    # By their names on the wire, and only what was set: see providers.parameters.
    parameters = models.JSONField(default=dict, blank=True)
    # What of it is sent: one of transcript.Keep, and how much of that.
    keep = models.CharField(
        max_length=8, default=Keep.ALL.value, db_default=Keep.ALL.value, editable=False
    )
    keep_amount = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # Which writes its summaries; None is the one that it is asked of itself.
    summary_model = models.ForeignKey(
        "providers.Model", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # When any of its summaries changed last: of this a page knows whether it shows them.
    summary_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What a request after this leaf takes, where the user has changed that since its answer came;
    # or one after the question of an answer that was continued.
    gauged_leaf = models.UUIDField(null=True, blank=True, editable=False)
    gauged_tokens = models.PositiveIntegerField(null=True, blank=True, editable=False)
    model = models.ForeignKey(
        "providers.Model", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    leaf = models.ForeignKey(
        "conversations.Message", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    folder = models.ForeignKey(
        "conversations.Folder",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="conversations",
        # `standing` has it.
        db_index=False,
    )
    tags = models.ManyToManyField("conversations.Tag", blank=True, related_name="conversations")
    pinned_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How an answer ended that nobody has looked at: a State. None where there is none, so that the
    # few others are in an index of their own.
    unseen = models.CharField(max_length=16, null=True, blank=True, editable=False)  # noqa: DJ001
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = (
            models.Index(fields=["owner", "deleted_at", "-updated_at", "-id"], name="recent"),
            models.Index(
                fields=["owner", "folder", "-updated_at", "-id"],
                condition=models.Q(deleted_at=None, pinned_at=None, archived_at=None),
                name="standing",
            ),
            models.Index(
                fields=["owner", "-updated_at", "-id"],
                condition=models.Q(deleted_at=None, archived_at=None, pinned_at__isnull=False),
                name="pinned",
            ),
            models.Index(
                fields=["owner", "-updated_at", "-id"],
                condition=models.Q(deleted_at=None, archived_at__isnull=False),
                name="archived",
            ),
            # By folder, also where one is deleted, with all of it.
            models.Index(
                fields=["folder"], condition=models.Q(folder__isnull=False), name="in_folder"
            ),
            models.Index(
                fields=["folder"], condition=models.Q(unseen__isnull=False), name="unseen"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("conversations:conversation", args=[self.pk])

    @property
    def stamp(self) -> str:
        """Of what the page's header shows, as `stamped` has it."""
        said = f"{self.title}\n{self.system_prompt}"
        return md5(said.encode(), usedforsecurity=False).hexdigest()

    @property
    def summary_stamp(self) -> str:
        return moment_stamp(self.summary_changed_at)

    @property
    def row_stamp(self) -> str:
        """Nothing for one that no list shows."""
        if self.deleted_at:
            return ""
        return row_stamp(self.title, self.updated_at, *(getattr(self, name) for name in PLACE))

    def rename(self, title: str) -> None:
        """Change the title without moving the conversation up the list."""
        self.title, self.titled = title, Titled.BY_HAND
        self.save(update_fields=["title", "titled"])

    def instruct(self, system_prompt: str) -> None:
        self.system_prompt = system_prompt
        self.save(update_fields=["system_prompt"])

    def set_parameters(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters
        self.save(update_fields=["parameters"])

    def send_only(self, keep: Keep, amount: int | None = None) -> None:
        self.keep, self.keep_amount = keep, amount
        self.save(update_fields=["keep", "keep_amount"])

    def summarise_by(self, model: "models.Model | None") -> None:
        self.summary_model_id = model.pk if model else None
        self.save(update_fields=["summary_model"])

    def delete_softly(self) -> None:
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])

    def restore(self) -> None:
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])

    def turn_to(self, leaf_id: uuid.UUID | None, model_id: uuid.UUID | None = None) -> None:
        """Show another branch; None has no message. Nothing was said: the list stays as it is.
        With a model, it goes on with that one."""
        self.leaf_id, self.model_id = leaf_id, model_id or self.model_id
        self.save(update_fields=["leaf", *(["model"] if model_id else [])])

    def show(self, leaf: "models.Model", model: "models.Model | None") -> None:
        """Make `leaf` the end of the branch that is shown, and this the newest conversation, which
        is not archived any more, nor pinned by that.

        Either may be new; the database looks whether `leaf` is there when the transaction ends.
        """
        was_archived = self.archived_at is not None
        self.leaf_id, self.model_id = leaf.pk, model.pk if model else self.model_id
        self.updated_at, self.archived_at, self.unseen = timezone.now(), None, None
        changed = ["leaf", "model", "updated_at", "archived_at", "unseen"]
        if was_archived:
            # By now there may be no room among them.
            self.pinned_at = None
            changed.append("pinned_at")
        self.save(update_fields=None if self._state.adding else changed)
