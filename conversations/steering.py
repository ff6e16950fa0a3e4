"""What a user decides about what is sent of a chat: its policy, and marks on single messages."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conversations.locks import locked
from conversations.models import Conversation, Message
from conversations.sending import Sent, retry
from conversations.transcript import Keep, Transcript
from providers.models import Model

MOST_TURNS = 1000
LEAST_TOKENS, MOST_TOKENS = 100, 10_000_000
# What is proposed where a service has refused the whole chat.
TURNS_AT_FIRST, TOKENS_AT_FIRST = 4, 4000


class KeepForm(forms.Form):
    keep = forms.ChoiceField(
        choices=[
            (Keep.ALL.value, _("Everything that fits")),
            (Keep.TURNS.value, _("The last turns")),
            (Keep.TOKENS.value, _("As many tokens as")),
        ],
        widget=forms.RadioSelect,
    )
    turns = forms.IntegerField(
        label=_("Turns before the question"), min_value=1, max_value=MOST_TURNS, required=False
    )
    tokens = forms.IntegerField(
        label=_("Tokens at the most"),
        min_value=LEAST_TOKENS,
        max_value=MOST_TOKENS,
        required=False,
    )

    @classmethod
    def showing(cls, conversation: Conversation) -> "KeepForm":
        amount = {conversation.keep: conversation.keep_amount}
        return cls(
            initial={
                "keep": conversation.keep,
                "turns": amount.get(Keep.TURNS) or TURNS_AT_FIRST,
                "tokens": amount.get(Keep.TOKENS) or TOKENS_AT_FIRST,
            }
        )

    def clean(self) -> None:
        keep = self.cleaned_data.get("keep")
        for amount in (Keep.TURNS.value, Keep.TOKENS.value):
            if amount != keep:
                # What stands in the field of another choice does not matter.
                self.errors.pop(amount, None)
            elif amount not in self.errors and not self.cleaned_data.get(amount):
                self.add_error(amount, _("Enter a number."))

    def save(self, conversation: Conversation) -> None:
        keep = Keep(self.cleaned_data["keep"])
        conversation.send_only(keep, self.cleaned_data.get(keep))


def retry_with(turns: str) -> Callable[[Message, Model], Sent]:
    """Another answer, and from now on nothing but the last turns of the chat is sent. Without a
    number of them that can be, just another answer."""
    is_number = turns.isascii() and turns.isdigit() and len(turns) <= len(str(MOST_TURNS))
    if not (is_number and 1 <= int(turns) <= MOST_TURNS):
        return retry

    def trim_and_retry(answer: Message, model: Model) -> Sent:
        with transaction.atomic():
            locked(answer.conversation).send_only(Keep.TURNS, int(turns))
            return retry(answer, model)

    return trim_and_retry


def remember_gauge(
    conversation: Conversation, transcript: Transcript, read_to: UUID | None
) -> None:
    """What is read up to a message: all but the last one of the transcript, which comes after it.
    The next answer tells it anew."""
    tokens = sum(piece.tokens for piece in transcript.pieces[:-1] if piece.is_sent)
    conversation.gauged_leaf, conversation.gauged_tokens = read_to, tokens
    fields = {"gauged_leaf": read_to, "gauged_tokens": tokens}
    Conversation.objects.filter(pk=conversation.pk).update(**fields)
