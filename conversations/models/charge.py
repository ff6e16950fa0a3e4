"""What a call of the ledger was made for: an answer of a conversation, or something beside its
answers, a summary or a title. By this it counts in what the conversation has cost, also when the
answer is gone for good: while that is there its own figures count. Answers that were brought in, or
written by a version without charges, have none, and take their cost along."""

from django.db import models


class Charge(models.Model):
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="charges"
    )
    call = models.OneToOneField("providers.Call", on_delete=models.CASCADE, related_name="charge")
    answer = models.ForeignKey(
        "conversations.Message",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="charges",
    )

    class Meta:
        # As it was called when only what was asked beside the answers was in it.
        db_table = "conversations_aside"

    def __str__(self) -> str:
        return f"Charge {self.pk}"
