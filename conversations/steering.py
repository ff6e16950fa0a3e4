"""What a user decides about what is sent of a chat: its policy, and marks on single messages."""

from collections.abc import Callable, Mapping
from typing import cast
from uuid import UUID

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conversations.branch import said_so_far
from conversations.compared import running_in_view
from conversations.context import transcript_of
from conversations.locks import locked
from conversations.models import Conversation, Message
from conversations.sending import Sent, retry
from conversations.transcript import AMOUNTS, Keep, Line, Transcript
from providers.models import Model
from providers.picking import choices_for

LEAST_TURNS, MOST_TURNS = AMOUNTS[Keep.TURNS]
LEAST_TOKENS, MOST_TOKENS = AMOUNTS[Keep.TOKENS]
# What is proposed where a service has refused the whole chat.
TURNS_AT_FIRST, TOKENS_AT_FIRST = 4, 4000


class KeepForm(forms.Form):
    keep = forms.ChoiceField(
        choices=[
            (Keep.ALL.value, _("Everything that fits")),
            (Keep.TURNS.value, _("The last turns")),
            (Keep.TOKENS.value, _("As many tokens as")),
            (Keep.SUMMARY.value, _("A rolling summary, in tokens")),
        ],
        widget=forms.RadioSelect,
    )
    turns = forms.IntegerField(
        label=_("Turns before the question"),
        min_value=LEAST_TURNS,
        max_value=MOST_TURNS,
        required=False,
    )
    tokens = forms.IntegerField(
        label=_("Tokens at the most"),
        min_value=LEAST_TOKENS,
        max_value=MOST_TOKENS,
        required=False,
    )
    summary = forms.IntegerField(
        label=_("Tokens at the most, with the summary"),
        min_value=LEAST_TOKENS,
        max_value=MOST_TOKENS,
        required=False,
    )
    summary_model = forms.ModelChoiceField(
        Model.objects.none(),
        label=_("Summaries are written by"),
        required=False,
        error_messages={
            "invalid_choice": _("This model is not available any more. Pick another one.")
        },
    )

    def __init__(
        self,
        user: AbstractBaseUser,
        conversation: Conversation,
        posted: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(posted, initial=_as_it_is(conversation))
        self.conversation = conversation
        picked = conversation.summary_model_id
        field = cast("forms.ModelChoiceField[Model]", self.fields["summary_model"])
        field.queryset = Model.objects.for_user(user).select_related("provider")
        offered = choices_for(user, [picked] if picked else []).models
        field.choices = [
            ("", _("the model of the chat")),
            *((str(model.pk), str(model)) for model in offered),
        ]

    def clean(self) -> None:
        keep = self.cleaned_data.get("keep")
        if keep != Keep.SUMMARY:
            self.errors.pop("summary_model", None)
        for amount in (Keep.TURNS.value, Keep.TOKENS.value, Keep.SUMMARY.value):
            if amount != keep:
                # What stands in the field of another choice does not matter.
                self.errors.pop(amount, None)
            elif amount not in self.errors and not self.cleaned_data.get(amount):
                self.add_error(amount, _("Enter a number."))

    def save(self) -> None:
        keep = Keep(self.cleaned_data["keep"])
        self.conversation.send_only(keep, self.cleaned_data.get(keep))
        if keep == Keep.SUMMARY:
            self.conversation.summarise_by(self.cleaned_data["summary_model"])


def _as_it_is(conversation: Conversation) -> dict[str, object]:
    amount = {conversation.keep: conversation.keep_amount}
    return {
        "keep": conversation.keep,
        "turns": amount.get(Keep.TURNS) or TURNS_AT_FIRST,
        "tokens": amount.get(Keep.TOKENS) or TOKENS_AT_FIRST,
        "summary": amount.get(Keep.SUMMARY) or TOKENS_AT_FIRST,
        "summary_model": conversation.summary_model_id,
    }


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


def gauge_anew(conversation_id: UUID) -> None:
    """Once a summary has changed; not while an answer is being written, whose end tells it."""
    mine = Conversation.objects.filter(pk=conversation_id).select_related("model__provider")
    conversation = mine.first()
    if conversation is None or running_in_view(conversation):
        return
    lines, _compared = said_so_far(conversation)
    asked = [*lines, Line("user", "")]
    transcript = transcript_of(conversation, asked, conversation.model, counts=True)
    remember_gauge(conversation, transcript, lines[-1].id if lines else None)
