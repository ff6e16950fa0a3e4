"""The forms for a provider: addresses that can be asked, keys that go in and never come out."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers.endpoint import (
    BadBaseUrl,
    Guard,
    TimeLimits,
    normalise_base_url,
    normalise_proxy,
    same_host,
    split_login,
    with_login,
)
from providers.key_field import KeyField
from providers.models import Provider
from providers.netguard import AddressRefused, check_host
from providers.presets import preset_for

if TYPE_CHECKING:
    _Form = forms.ModelForm[Provider]
else:
    _Form = forms.ModelForm

KEYS = ("key", "further_key")
ADDRESSES = frozenset({"base_url", "further_base_urls"})
MOST_BASE_URLS = 10
NAME_TAKEN = _("You have a provider of this name already.")
MOST_SECONDS = {"connect": 600, "first_byte": 3600, "idle": 3600, "total": 86_400}

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


class ProviderForm(_Form):
    """What administrators and users enter alike.

    `notes` says, once the form is valid, what is kept otherwise than it was typed.
    """

    key = KeyField(label=_("Key"))
    further_key = KeyField(
        label=_("Further key"),
        help_text=_("Kept beside the one above, and used when that one is refused or used up."),
    )

    class Meta:
        model = Provider
        fields: tuple[str, ...] = (
            "name",
            "base_url",
            "further_base_urls",
            "route_order",
            "connect_s",
            "first_byte_s",
            "idle_s",
            "total_s",
            "enabled",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []
        stored = [] if self.instance._state.adding else list(self.instance.keys.all())
        if "key" in self.fields:
            self.fields["key"].help_text = _stored_words([str(key) for key in stored])
        for name, seconds in asdict(TimeLimits()).items():
            if field := self.fields.get(f"{name}_s"):
                _limit(field, MOST_SECONDS[name])
                field.widget.attrs["placeholder"] = f"{seconds:.0f}"

    def clean_base_url(self) -> str:
        return self.clean_address(self.cleaned_data["base_url"])

    def clean_further_base_urls(self) -> str:
        told = self.cleaned_data["further_base_urls"].split()
        if len(told) > MOST_BASE_URLS:
            words = _("At most %(most)s further addresses are possible.")
            raise forms.ValidationError(words, params={"most": MOST_BASE_URLS})
        return "\n".join(dict.fromkeys(map(self.clean_address, told)))

    def clean_address(self, text: str) -> str:
        return _normal(normalise_base_url, text)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        base_url = cleaned.get("base_url", "")
        if base_url and base_url != self["base_url"].data:
            self.notes.append(gettext("The base URL is used as %(url)s") % {"url": base_url})
        if any(cleaned.get(name) and cleaned[name] != self[name].data for name in KEYS):
            self.notes.append(gettext("The blanks around the key were taken off."))
        return cleaned

    def save(self, commit: bool = True) -> Provider:
        preset = preset_for(self.instance.base_url)
        self.instance.preset = preset.slug if preset else ""
        return super().save(commit)

    def _save_m2m(self) -> None:
        # Here, since a key can be stored only once its provider is.
        super()._save_m2m()  # type: ignore[misc]
        provider, cleaned = self.instance, self.cleaned_data
        if ADDRESSES.intersection(self.changed_data):
            provider.forget_learnt()
        if cleaned.get("key") or self._leads_elsewhere():
            provider.set_key(cleaned.get("key", ""))
        if cleaned.get("further_key"):
            provider.add_key(cleaned["further_key"])

    def _leads_elsewhere(self) -> bool:
        """Whether a stored key would from now on be sent to a host that it was not saved for."""
        first, further = self.initial.get("base_url", ""), self.initial.get("further_base_urls", "")
        known = [first, *further.split()]
        return bool(first) and not all(
            any(same_host(url, old) for old in known) for url in self.instance.base_urls
        )


class ProxyInput(forms.TextInput):
    """What was typed is shown again without a login that was in it."""

    def format_value(self, value: Any) -> str | None:
        return split_login(str(value))[0] if value else None


class AdminProviderForm(ProviderForm):
    _login = ""

    class Meta(ProviderForm.Meta):
        fields = (*ProviderForm.Meta.fields, "owner", "proxy")
        widgets: ClassVar = {"proxy": ProxyInput}
        help_texts: ClassVar = {
            "owner": _(
                "Empty: everybody on this site may use it. Otherwise this user alone, while they "
                "have the permission to add providers of their own."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored_proxy = self.instance.proxy
        if self.instance.sealed_login:
            self.fields["proxy"].help_text = _(
                "Its user name and password are stored and not shown. Leave them out to keep "
                "them; they are dropped when the proxy moves to another host."
            )

    def clean_proxy(self) -> str:
        proxy = _normal(normalise_proxy, self.cleaned_data["proxy"])
        place, self._login = split_login(proxy)
        return place

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors and self._login:
            self.add_error(
                "proxy", _("Enter its user name and password again: they are not shown.")
            )

    def save(self, commit: bool = True) -> Provider:
        # The instance has the new one already.
        new, self.instance.proxy = self.instance.proxy, self._stored_proxy
        self.instance.set_proxy(with_login(new, self._login))
        return super().save(commit)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("proxy") and cleaned.get("owner"):
            # A proxy looks names up where nobody here sees which address they lead to.
            self.add_error("proxy", _("A provider of a user's own cannot have a proxy."))
        return cleaned


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that few people need, folded away unless one of them is wrong."""

    heading: str
    fields: tuple[forms.BoundField, ...]

    @property
    def is_open(self) -> bool:
        return any(field.errors for field in self.fields)


class OwnProviderForm(ProviderForm):
    """For the owner, whom the instance already has."""

    @property
    def service(self) -> tuple[forms.BoundField, ...]:
        return self._bound("name", "base_url", "key", "enabled")

    @property
    def sections(self) -> tuple[Section, ...]:
        routes = self._bound("further_base_urls", "further_key", "route_order")
        limits = self._bound("connect_s", "first_byte_s", "idle_s", "total_s")
        return (
            Section(gettext("Further routes"), routes),
            Section(gettext("Time limits, in seconds"), limits),
        )

    def _bound(self, *names: str) -> tuple[forms.BoundField, ...]:
        return tuple(self[name] for name in names)

    def clean_name(self) -> str:
        # The database would refuse it without words: the owner is no field of this form.
        others = Provider.objects.filter(owner=self.instance.owner).exclude(pk=self.instance.pk)
        if others.filter(name=self.cleaned_data["name"]).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return str(self.cleaned_data["name"])

    def refuse_name(self) -> None:
        """Where it was taken between looking and storing."""
        self.add_error("name", NAME_TAKEN)

    def clean_address(self, text: str) -> str:
        """Names are looked up only when they are asked; what is plain to see is told at once."""
        base_url = super().clean_address(text)
        guard, host = self.instance.guard() or Guard(), urlsplit(base_url).hostname or ""
        if host == "localhost" and host not in guard.hosts:
            host = "127.0.0.1"
        try:
            check_host(guard, host)
        except AddressRefused:
            words = _("This leads into a private network. Ask an administrator to allow it.")
            raise forms.ValidationError(words) from None
        return base_url


def _limit(field: forms.Field, most: int) -> None:
    field.validators += [MinValueValidator(1), MaxValueValidator(most)]
    field.widget.attrs |= {"min": 1, "max": most}


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
