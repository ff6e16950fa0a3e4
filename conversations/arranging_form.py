"""What a list of chats is posted with: the act, the chats, and where they go."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conversations.arranging import MOST_CHATS, Act, Wanted
from conversations.tags import tag_name

TOO_MANY = _("At most %(most)d chats can be picked at once.")


def posted_chats(posted: QueryDict) -> list[str]:
    """A field each, as boxes post them, or one of many: no form may have more than some hundred."""
    return [*posted.getlist("chat"), *filter(None, posted.get("chats", "").split(","))]


def check_picked(chats: list[str]) -> None:
    """Raises ValidationError with words for none, and for more than may be picked."""
    if not chats:
        raise forms.ValidationError(_("Pick a chat first."))
    if len(chats) > MOST_CHATS:
        raise forms.ValidationError(TOO_MANY, params={"most": MOST_CHATS})


class ArrangeForm(forms.Form):
    """The folders may be in one field, as the chats may, where each chat goes to another."""

    act = forms.ChoiceField(
        choices=Act.choices, error_messages={"required": _("Pick what to do with the chats.")}
    )
    tag = forms.CharField(required=False, max_length=200)

    def __init__(self, posted: QueryDict, chats: list[str] | None = None) -> None:
        super().__init__(posted)
        self.chats = posted_chats(posted) if chats is None else chats
        self.folders = posted.getlist("folder")
        if "folders" in posted:
            self.folders = posted.get("folders", "").split(",")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        act = cleaned.get("act")
        check_picked(self.chats)
        if act in (Act.TAG, Act.UNTAG) and not tag_name(cleaned.get("tag", "")):
            raise forms.ValidationError(_("A tag needs at least one letter or number."))
        if act == Act.MOVE_BACK and len(self.folders) != len(self.chats):
            raise forms.ValidationError(_("Pick what to do with the chats."))
        return cleaned

    def wanted(self) -> Wanted | None:
        """None for what no page of ours posts."""
        try:
            chats = [UUID(chat) for chat in self.chats]
            folders = [UUID(folder) if folder else None for folder in self.folders]
        except ValueError:
            return None
        return Wanted(Act(self.cleaned_data["act"]), chats, folders, self.cleaned_data["tag"])

    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])
