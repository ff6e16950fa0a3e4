"""The provider form: an address that can be asked, and a key that goes in and never comes out."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.endpoint import BadBaseUrl, normalise_base_url, same_host
from providers.models import Provider

if TYPE_CHECKING:
    _Form = forms.ModelForm[Provider]
else:
    _Form = forms.ModelForm

KEY_LENGTH = 4096

BASE_URL_WORDS = {
    "empty": _("Enter the address of the service, for example https://api.openai.com/v1"),
    "scheme": _("The address must begin with https:// or http://"),
    "host": _("The address needs a valid host name."),
    "port": _("The port must be a number from 1 to 65535."),
    "credentials": _("Leave user names and passwords out of the address; the key goes below."),
    "query": _("Leave everything after ? or # out of the address."),
}


class ProviderForm(_Form):
    key = forms.CharField(
        label=_("Key"),
        required=False,
        max_length=KEY_LENGTH,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Provider
        fields = ("name", "base_url", "owner", "enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.instance
        if provider.sealed_key:
            self.fields["key"].help_text = _(
                "A key ending in %(hint)s is stored. Leave this empty to keep it. "
                "It is dropped when the address moves to another host."
            ) % {"hint": f"…{provider.key_hint}"}
        else:
            self.fields["key"].help_text = _("No key is stored. It is never shown again.")

    def clean_base_url(self) -> str:
        try:
            return normalise_base_url(self.cleaned_data["base_url"])
        except BadBaseUrl as error:
            raise forms.ValidationError(BASE_URL_WORDS[error.reason]) from None

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if not key.isprintable() or not key.isascii():
            raise forms.ValidationError(_("A key holds only plain letters, digits and signs."))
        return key

    def save(self, commit: bool = True) -> Provider:
        provider = self.instance
        moved = "base_url" in self.initial and not same_host(
            self.initial["base_url"], self.cleaned_data["base_url"]
        )
        if self.cleaned_data["key"] or moved:
            provider.set_key(self.cleaned_data["key"])
        return super().save(commit)
