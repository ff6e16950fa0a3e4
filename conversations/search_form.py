"""The fields of a search: words, and what narrows it down."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.http import QueryDict
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Folder, Tag
from conversations.models.message import Role
from conversations.search.finding import Wanted
from conversations.search.query import LENGTH, parse
from providers.models import Model
from providers.picking import choices_for

_DATE_ERRORS = {"invalid": _("Write a date as year, month and day, such as 2026-01-31.")}
_MOST_ID_DIGITS = 19


class WordsField(forms.CharField):
    """Any words at all: what is too long is cut, since searching on is better than refusing."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "")[:LENGTH].replace("\x00", "")


class DateField(forms.DateField):
    """As the browser's own calendar sends it, whatever the language of the page."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(
            required=False,
            widget=widget,
            input_formats=["%Y-%m-%d"],
            error_messages=_DATE_ERRORS,
            **options,
        )


class SearchForm(forms.Form):
    q = WordsField(required=False)
    role = forms.ChoiceField(
        label=_("Written by"),
        required=False,
        choices=(
            ("", _("anybody")),
            (Role.USER, _("me")),
            (Role.ASSISTANT, _("a model")),
            ("title", _("titles only")),
        ),
    )
    model = WordsField(label=_("Model"), required=False)
    since = DateField(label=_("From"))
    until = DateField(label=_("To"))
    folder = forms.ModelChoiceField(
        Folder.objects.none(),
        label=_("Folder"),
        required=False,
        empty_label=_("any"),
        error_messages={"invalid_choice": _("This folder is not here any more.")},
    )
    tag = forms.ModelChoiceField(
        Tag.objects.none(),
        label=_("Tag"),
        required=False,
        empty_label=_("any"),
        error_messages={"invalid_choice": _("This tag is not here any more.")},
    )
    code = forms.BooleanField(label=_("With code"), required=False)
    image = forms.BooleanField(label=_("With an image"), required=False)

    def __init__(self, user: AbstractBaseUser, fields: QueryDict) -> None:
        super().__init__(fields)
        # Not before it is shown: what follows the typing has no fields.
        self.user = user
        choices = CallableChoiceIterator(lambda: self._models)
        self.fields["model"].widget = forms.Select(choices=choices)
        for name, rows in (("folder", Folder.objects), ("tag", Tag.objects)):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = rows.for_user(user)

    def wanted(self, before: str) -> Wanted | None:
        """What to find; None while there is nothing to look for, or something to put right."""
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        is_id = before.isascii() and before.isdigit() and len(before) <= _MOST_ID_DIGITS
        wanted = Wanted(
            parse(asked["q"]),
            role=asked["role"],
            model=asked["model"],
            has_code=asked["code"],
            has_image=asked["image"],
            since=_midnight(asked["since"]),
            until=_midnight(asked["until"], days=1),
            before=int(before) if is_id else None,
            folder=asked["folder"].pk if asked["folder"] else None,
            tag=asked["tag"].pk if asked["tag"] else None,
        )
        return wanted if wanted else None

    @property
    def address(self) -> str:
        """The search as a query, without the fields that are empty."""
        return urlencode([(name, value) for name in self.fields if (value := self._sent(name))])

    @property
    def narrows(self) -> bool:
        """Whether anything but words was given."""
        return any(self._sent(name) for name in self.fields if name != "q")

    @cached_property
    def _models(self) -> list[tuple[str, str | Promise]]:
        """By what answers say of themselves: an answer stays when its model goes."""
        mine = Conversation.objects.for_user(self.user).values("model")
        used = Model.objects.filter(pk__in=mine)
        names = [str(model) for model in (*used, *choices_for(self.user, []).models)]
        names += filter(None, [self._sent("model")])
        return [("", _("any")), *((name, name) for name in dict.fromkeys(names))]

    def _sent(self, name: str) -> str:
        return str(self.data.get(name, ""))[:LENGTH]


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    """The first moment of a day, or of one later, where the site is; None at the calendar's end."""
    if day is None:
        return None
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))
    except OverflowError:
        return None
