"""What a user may send, checked and with words for each refusal."""

import json
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conversations.comparing_form import SeveralField, offer
from conversations.models import Folder
from conversations.models.conversation import TITLE_LENGTH
from conversations.models.folder import NAME_LENGTH as FOLDER_NAME_LENGTH
from conversations.models.summary import LONGEST as SUMMARY_LENGTH
from conversations.sending import Question
from conversations.tags import tag_name
from conversations.titles import visible
from providers.models import Model
from providers.parameters import BadParameter, Parameters
from providers.picking import choices_for

NO_TEXT = _("Write a message first.")
NO_SUMMARY = _("Write a summary first, or delete it.")
NO_TITLE = _("A title needs at least one character.")
NO_NAME = _("A name needs at least one character.")


class TextField(forms.CharField):
    """Text exactly as it was written; only a form's CRLF line ends become LF again."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        check_size(len(value.encode()))


def check_size(size: int) -> None:
    """Of a text, in bytes."""
    limit = settings.MESSAGE_LIMIT_BYTES
    if size > limit:
        raise forms.ValidationError(
            _("The message is too long: %(size)s KB. The limit is %(limit)s KB."),
            params={"size": -(-size // 1024), "limit": limit // 1024},
        )


class ParametersField(forms.CharField):
    """What a page was given to send along with a new chat: the parameters of its preset, as JSON
    by their names on the wire. Nothing is none of them."""

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        try:
            return Parameters.from_mapping(json.loads(text)).to_wire() if text else {}
        except (BadParameter, ValueError, TypeError, AttributeError, RecursionError):
            raise forms.ValidationError(
                _("The parameters of this chat cannot be read. Start it from its preset again.")
            ) from None


def written(text: str) -> str:
    if not text.strip():
        raise forms.ValidationError(NO_TEXT)
    return text


class SendForm(forms.Form):
    text = TextField(error_messages={"required": NO_TEXT})
    model = forms.ModelChoiceField(
        Model.objects.none(),
        error_messages={
            "required": _("Pick a model first."),
            "invalid_choice": _("This model is not available any more. Pick another one."),
        },
    )
    # Several in its place.
    compare = SeveralField()
    send_id = forms.UUIDField(required=False)
    system_prompt = TextField(required=False)
    # Where a new chat is to stand.
    folder = forms.ModelChoiceField(
        Folder.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("This folder was deleted. Open a new chat.")},
    )
    parameters = ParametersField(required=False)
    # What the page of a new chat began with.
    begins_with = forms.UUIDField(required=False)

    def __init__(self, user: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Model.objects.for_user(user).select_related("provider")
        cast("forms.ModelChoiceField[Model]", self.fields["model"]).queryset = offered
        self.fields["model"].required = "compare" not in self.data
        offer(user, self)
        folders = cast("forms.ModelChoiceField[Folder]", self.fields["folder"])
        folders.queryset = Folder.objects.for_user(user)

    def clean_text(self) -> str:
        return written(str(self.cleaned_data["text"]))

    def question(self) -> Question:
        cleaned = self.cleaned_data
        model, *beside = cleaned["compare"] or [cleaned["model"]]
        return Question(
            text=cleaned["text"],
            model=model,
            beside=beside,
            send_id=cleaned["send_id"] or uuid4(),
            system_prompt=cleaned["system_prompt"],
            folder=cleaned["folder"],
            parameters=cleaned["parameters"],
        )

    def picked_model(self) -> Model | None:
        """The model, if it is another than the one that a new chat began with."""
        model: Model | None = self.cleaned_data["model"]
        begun = self.cleaned_data["begins_with"]
        is_other = model is not None and begun and begun != model.pk
        return model if is_other and not self.cleaned_data["compare"] else None

    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])


class EditForm(forms.Form):
    text = TextField(error_messages={"required": NO_TEXT})
    send_id = forms.UUIDField(required=False)

    def clean_text(self) -> str:
        return written(str(self.cleaned_data["text"]))

    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])


class QueuedForm(forms.Form):
    text = TextField(error_messages={"required": NO_TEXT})

    def clean_text(self) -> str:
        return written(str(self.cleaned_data["text"]))


class SummaryForm(forms.Form):
    text = TextField(
        max_length=SUMMARY_LENGTH,
        error_messages={"required": NO_SUMMARY},
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).strip()
        if not text:
            raise forms.ValidationError(NO_SUMMARY)
        return text

    def first_error(self) -> str:
        return str(self.errors["text"][0])


class DraftForm(forms.Form):
    text = TextField(required=False)
    send_id = forms.UUIDField()


class TitleForm(forms.Form):
    title = forms.CharField(
        max_length=TITLE_LENGTH,
        error_messages={"required": NO_TITLE},
    )

    def clean_title(self) -> str:
        title = visible(str(self.cleaned_data["title"]))
        if not title:
            raise forms.ValidationError(NO_TITLE)
        return title


class SystemPromptForm(forms.Form):
    system_prompt = TextField(required=False)


class FolderNameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=FOLDER_NAME_LENGTH, error_messages={"required": NO_NAME}
    )

    def clean_name(self) -> str:
        name = visible(str(self.cleaned_data["name"]))
        if not name:
            raise forms.ValidationError(NO_NAME)
        return name


class FolderForm(FolderNameForm):
    """Of one folder, as it is or as it was posted."""

    system_prompt = TextField(
        label=_("System prompt"),
        required=False,
        widget=forms.Textarea,
        help_text=_("New chats in this folder begin with it; those that are there keep theirs."),
    )
    model = forms.ModelChoiceField(
        Model.objects.none(),
        label=_("Model"),
        required=False,
        error_messages={
            "invalid_choice": _("This model is not available any more. Pick another one.")
        },
    )

    def __init__(self, user: AbstractBaseUser, folder: Folder, posted: QueryDict | None) -> None:
        told = {name: getattr(folder, name) for name in ("name", "system_prompt", "model")}
        super().__init__(posted, initial=told)
        field = cast("forms.ModelChoiceField[Model]", self.fields["model"])
        # The one that it has may stay, also where it is not offered just now.
        mine = Q(pk__in=Model.objects.for_user(user).values("pk")) | Q(pk=folder.model_id)
        field.queryset = Model.objects.filter(mine).select_related("provider")
        offered = choices_for(user, [folder.model_id] if folder.model_id else []).models
        if folder.model and folder.model not in offered:
            offered = [folder.model, *offered]
        field.choices = [
            ("", _("as for any new chat")),
            *((str(model.pk), str(model)) for model in offered),
        ]


class TagForm(forms.Form):
    name = forms.CharField(max_length=200)

    def clean_name(self) -> str:
        name = tag_name(str(self.cleaned_data["name"]))
        if not name:
            raise forms.ValidationError(NO_NAME)
        return name
