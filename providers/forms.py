"""The provider form: an address that can be asked, and a key that goes in and never comes out."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.endpoint import (
    BadBaseUrl,
    TimeLimits,
    normalise_base_url,
    normalise_proxy,
    same_host,
)
from providers.models import Key, Provider
from providers.models.key import LENGTH, BadKey
from providers.presets import preset_for

if TYPE_CHECKING:
    _Form = forms.ModelForm[Provider]
else:
    _Form = forms.ModelForm

MOST_BASE_URLS = 10

BASE_URL_WORDS = {
    "empty": _("Enter the address of the service, for example https://api.openai.com/v1"),
    "blank": _("There are blanks or hidden characters inside the address. Take them out."),
    "several": _("Enter one address only."),
    "long": _("The address is too long. It may have 500 characters."),
    "scheme": _("The address must begin with https:// or http://"),
    "host": _("The address needs a valid host name."),
    "number": _("Write an IP address as four numbers, for example 192.168.1.5"),
    "brackets": _("Put an IPv6 address in brackets, for example http://[::1]:8080/v1"),
    "port": _("The port must be a number from 1 to 65535."),
    "path": _("Leave . and .. out of the address, and any path out of a proxy's."),
    "credentials": _("Leave user names and passwords out of the address; the key goes below."),
    "query": _("Leave everything after ? or # out of the address."),
}


class KeyField(forms.CharField):
    """Goes in and never comes out. Blanks and line ends pasted around it do not count."""

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


class ProviderForm(_Form):
    key = KeyField(label=_("Key"))
    further_key = KeyField(
        label=_("Further key"),
        help_text=_("Kept beside the one above, and used when that one is refused or used up."),
    )

    class Meta:
        model = Provider
        fields = (
            "name",
            "base_url",
            "further_base_urls",
            "route_order",
            "proxy",
            "connect_s",
            "first_byte_s",
            "idle_s",
            "total_s",
            "owner",
            "enabled",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = [] if self.instance._state.adding else list(self.instance.keys.all())
        if "key" in self.fields:
            self.fields["key"].help_text = _stored_words([str(key) for key in stored])
        for name, seconds in asdict(TimeLimits()).items():
            if field := self.fields.get(f"{name}_s"):
                field.widget.attrs["placeholder"] = f"{seconds:.0f}"

    def clean_base_url(self) -> str:
        return _normal(normalise_base_url, self.cleaned_data["base_url"])

    def clean_further_base_urls(self) -> str:
        told = self.cleaned_data["further_base_urls"].split()
        if len(told) > MOST_BASE_URLS:
            words = _("At most %(most)s further addresses are possible.")
            raise forms.ValidationError(words, params={"most": MOST_BASE_URLS})
        return "\n".join(dict.fromkeys(_normal(normalise_base_url, each) for each in told))

    def clean_proxy(self) -> str:
        return _normal(normalise_proxy, self.cleaned_data["proxy"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("proxy") and cleaned.get("owner"):
            # A proxy looks names up where nobody here sees which address they lead to.
            self.add_error("proxy", _("A provider of a user's own cannot have a proxy."))
        return cleaned

    def save(self, commit: bool = True) -> Provider:
        preset = preset_for(self.instance.base_url)
        self.instance.preset = preset.slug if preset else ""
        return super().save(commit)

    def _save_m2m(self) -> None:
        # Here, since a key can be stored only once its provider is.
        super()._save_m2m()  # type: ignore[misc]
        provider, cleaned = self.instance, self.cleaned_data
        before = self.initial.get("base_url", "")
        if cleaned.get("key") or (before and not same_host(before, provider.base_url)):
            provider.set_key(cleaned.get("key", ""))
        if cleaned.get("further_key"):
            provider.add_key(cleaned["further_key"])


def _stored_words(stored: list[str]) -> Any:
    if not stored:
        return _("No key is stored. It is never shown again.")
    told = _(
        "Stored: %(keys)s. Leave this empty to keep what is stored; a new key takes its place. "
        "Keys are dropped when the address moves to another host."
    )
    return told % {"keys": ", ".join(stored)}


def _normal(normalise: Callable[[str], str], text: str) -> str:
    try:
        return normalise(text)
    except BadBaseUrl as error:
        raise forms.ValidationError(BASE_URL_WORDS[error.reason]) from None
