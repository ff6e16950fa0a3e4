"""Images that came with an answer, kept with it: gone when it is, and in every backup of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PictureManager(models.Manager["Picture"]):
    def get_queryset(self) -> "models.QuerySet[Picture]":
        # A page tells where an image is, and only that address needs its bytes.
        return super().get_queryset().defer("data")


class Picture(models.Model):
    """The `number`th image of its message: bytes of a safe type, or the address of another host,
    or why it is neither."""

    message = models.ForeignKey(
        "conversations.Message", on_delete=models.CASCADE, related_name="pictures"
    )
    number = models.PositiveSmallIntegerField()
    data = models.BinaryField(blank=True)
    media_type = models.CharField(max_length=32, blank=True)
    url = models.TextField(blank=True)
    # One of pictures.Refusal.
    refusal = models.CharField(max_length=16, blank=True)

    objects = PictureManager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["message", "number"], name="picture_of_message"),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.number}"
