"""What the page of a temporary chat sends: a question with all that was said before it, or all that
is to be kept."""

import json
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.forms import ParametersField, SendForm, TextField
from conversations.importing import fields
from conversations.models.generation import State
from conversations.models.message import Role
from providers.text import clean

MOST_MESSAGES = 2000
UNREADABLE = _("This chat cannot be read any more. Reload the page to begin a new one.")
TOO_MANY = _("This chat has more messages than a temporary chat may have. Begin a new one.")
_ROLES = frozenset(Role)
_ENDS = frozenset(State) - {State.RUNNING}


@dataclass(frozen=True, slots=True)
class Said:
    """One message, as the page has it; all but the first two are of answers, and to be kept."""

    role: Role
    text: str
    reasoning: str = ""
    model_name: str = ""
    state: str = State.COMPLETE


class SaidField(forms.CharField):
    """JSON, as the page has written it: a list of objects with `role` and `content`."""

    def __init__(self) -> None:
        super().__init__(required=False, strip=False)

    def clean(self, value: Any) -> list[Said]:
        try:
            told = json.loads(super().clean(value) or "[]")
        except (ValueError, RecursionError):
            raise forms.ValidationError(UNREADABLE) from None
        if not isinstance(told, list):
            raise forms.ValidationError(UNREADABLE)
        if len(told) > MOST_MESSAGES:
            raise forms.ValidationError(TOO_MANY)
        return [_said(each) for each in told]


class TurnForm(SendForm):
    """`replaces` is the answer that another one is asked for; `text` is then its question."""

    messages = SaidField()
    replaces = forms.UUIDField(required=False)


class KeepForm(forms.Form):
    """`id` is the page's own for what it shows just now."""

    id = forms.UUIDField()
    # Which one the chat had is worth no refusal.
    model = forms.CharField(required=False)
    system_prompt = TextField(required=False)
    parameters = ParametersField(required=False)
    messages = SaidField()

    def clean_messages(self) -> list[Said]:
        messages = cast("list[Said]", self.cleaned_data["messages"])
        if not any(each.role == Role.USER for each in messages):
            raise forms.ValidationError(UNREADABLE)
        return messages


def _said(value: object) -> Said:
    told = fields.mapping(value)
    role, text, state = told.get("role"), told.get("content"), told.get("state", State.COMPLETE)
    if not (isinstance(role, str) and isinstance(text, str) and isinstance(state, str)):
        raise forms.ValidationError(UNREADABLE)
    if role not in _ROLES or state not in _ENDS or text != clean(text):
        raise forms.ValidationError(UNREADABLE)
    reasoning, name = fields.text(told.get("reasoning")), fields.name(told.get("model"))
    return Said(Role(role), text, reasoning, name, state)
