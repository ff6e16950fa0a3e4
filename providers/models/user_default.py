"""The model that a user picked for new chats."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserDefault(models.Model):
    """One for each user. It counts only while the model is offered to them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    model = models.ForeignKey("providers.Model", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("default model of a user")
        verbose_name_plural = _("default models of users")

    def __str__(self) -> str:
        return f"{self.user}: {self.model}"
