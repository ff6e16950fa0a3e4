"""Images that came with an answer, kept with it: gone when it is, and in every backup of it."""

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

Kept = TypeVar("Kept", bound="Image")


class ImageManager(models.Manager[Kept]):
    def get_queryset(self) -> "models.QuerySet[Kept]":
        # A page tells where an image is, and only that address needs its bytes.
        return super().get_queryset().defer("data")


class Image(models.Model):
    """The `number`th of its message: bytes of a safe type, or the address of another host, or why
    it is neither."""

    number = models.PositiveSmallIntegerField()
    data = models.BinaryField(blank=True)
    media_type = models.CharField(max_length=32, blank=True)
    url = models.TextField(blank=True)
    # One of pictures.Refusal.
    refusal = models.CharField(max_length=16, blank=True)

    class Meta:
        abstract = True
        ordering = ("number",)

    def kept(self) -> dict[str, Any]:
        """What a copy of it has too."""
        names = ("number", "data", "media_type", "url", "refusal")
        return {name: getattr(self, name) for name in names}


class Picture(Image):
    message = models.ForeignKey(
        "conversations.Message", on_delete=models.CASCADE, related_name="pictures"
    )

    objects = ImageManager()

    class Meta(Image.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        constraints = (
            models.UniqueConstraint(fields=["message", "number"], name="picture_of_message"),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.number}"
