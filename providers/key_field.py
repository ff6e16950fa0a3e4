"""The field for a key: it goes in and never comes out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.models import Key
from providers.models.key import LENGTH, BadKey


class KeyField(forms.CharField):
    """One line of plain characters. Blanks and line ends pasted around it do not count."""

    def __init__(self, **kwargs: Any) -> None:
        entry = forms.PasswordInput(attrs={"autocomplete": "off"})
        super().__init__(required=False, max_length=LENGTH, strip=True, widget=entry, **kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            Key().seal(text or "empty")
        except BadKey:
            words = _("A key is one line of plain letters, digits and signs.")
            raise forms.ValidationError(words) from None
        return text
