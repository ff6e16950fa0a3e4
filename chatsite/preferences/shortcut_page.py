"""The shortcuts on a page of their own, where each user changes them or switches them off."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chatsite.models import User
from chatsite.preferences.keys import RESERVED, NotAKey, parse, read
from chatsite.preferences.shortcuts import SHORTCUTS, Shortcut, is_mac, keep, shortcuts_of

LONGEST = 40
NO_KEY = _("No key is called so. Write it like Ctrl+K, or a single character.")
NOT_OURS = _("The browser keeps this one for itself. Choose another one.")
TWICE = _("Two have this key. Choose another one for one of them.")


class KeyField(forms.CharField):
    def __init__(self, shortcut: Shortcut) -> None:
        key = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(label=str(shortcut.label), max_length=LONGEST, required=False, widget=key)

    def clean(self, value: Any) -> str:
        try:
            key = parse(super().clean(value))
        except NotAKey:
            raise forms.ValidationError(NO_KEY) from None
        if key in RESERVED:
            raise forms.ValidationError(NOT_OURS)
        return key


class ShortcutForm(forms.Form):
    """A field for each, named like it; empty is off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update({each.name: KeyField(each) for each in SHORTCUTS})

    def clean(self) -> dict[str, Any]:
        keys = [key for key in self.cleaned_data.values() if key]
        for name, key in list(self.cleaned_data.items()):
            if keys.count(key) > 1:
                self.add_error(name, TWICE)
        return self.cleaned_data


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the one kind that there is
    if request.method == "POST":
        form = ShortcutForm(_posted(request))
        if form.is_valid():
            keep(user, form.cleaned_data)
            messages.success(request, _("The shortcuts were saved."))
            return redirect("shortcuts")
    elif getattr(request, "htmx", False):
        return render(request, "_shortcut_list.html")
    else:
        found = shortcuts_of(user, is_mac=is_mac(request))
        form = ShortcutForm(initial={each.name: each.shown for each in found})
    context = {
        "form": form,
        "modifier": "⌘" if is_mac(request) else "Ctrl",
        "reserved": " ".join(sorted(RESERVED)),
    }
    return render(request, "shortcuts.html", context, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> Mapping[str, str]:
    """The fields, or what the button for all of them stands for."""
    for_all = request.POST.get("all", "")
    if for_all == "off":
        return {}
    if for_all == "reset":
        return {each.name: read(each.key, is_mac=False) for each in SHORTCUTS}
    return request.POST
