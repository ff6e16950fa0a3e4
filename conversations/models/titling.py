"""The model that a user has write the titles of new conversations. Without a row none does."""

from django.conf import settings
from django.db import models


class Titling(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="titling"
    )
    # Named by the user: with the model that goes, no other one takes its place.
    model = models.ForeignKey("providers.Model", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"Titles of {self.user_id}"
