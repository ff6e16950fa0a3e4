"""The forms of a saved prompt: its text, and what its gaps are filled with."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from conversations.forms import TextField, check_size
from conversations.gaps import filled, filled_size, gaps_in
from conversations.models import Prompt

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Prompt]
else:
    _ModelForm = forms.ModelForm

TEXT_HELP = _(
    "Write {{name}} where something is to be filled in: you are asked for it each time the "
    "prompt is used."
)


class PromptForm(_ModelForm):
    text = TextField(
        label=_("Text"),
        help_text=TEXT_HELP,
        error_messages={"required": _("Write the text first.")},
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )

    class Meta:
        model = Prompt
        fields = ("name", "text")
        labels = {"name": _("Title")}  # noqa: RUF012 - Django's own way
        widgets = {"name": forms.TextInput(attrs={"dir": "auto"})}  # noqa: RUF012

    def __init__(self, *args: Any, user: AbstractBaseUser | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class GapsForm(forms.Form):
    """A field for each gap, by its number; none has to be filled."""

    def __init__(self, prompt: Prompt, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prompt = prompt
        for number, name in enumerate(gaps_in(prompt.text)):
            widget = forms.Textarea(attrs={"rows": 1, "dir": "auto"})
            self.fields[f"gap-{number}"] = TextField(label=name, required=False, widget=widget)

    def clean(self) -> dict[str, Any]:
        """Together they may be more than a message holds."""
        if not self.errors:
            check_size(filled_size(self.prompt.text, self._values))
        return self.cleaned_data

    @property
    def text(self) -> str:
        """The prompt with what was filled in, once the fields are."""
        return filled(self.prompt.text, self._values)

    @property
    def _values(self) -> dict[int, str]:
        return {number: self.cleaned_data[name] for number, name in enumerate(self.fields)}
