"""A call that was made for a conversation beside its answers, for its summary or its title: by
this it counts in what the conversation has cost."""

from django.db import models


class Aside(models.Model):
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="asides"
    )
    call = models.OneToOneField("providers.Call", on_delete=models.CASCADE, related_name="aside")

    def __str__(self) -> str:
        return f"Aside {self.pk}"
