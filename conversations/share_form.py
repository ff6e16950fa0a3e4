"""On which terms a chat is shared."""

from django import forms
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from conversations.sharing import Terms

EXPIRY = (
    ("1", _("1 day")),
    ("7", _("7 days")),
    ("30", _("30 days")),
    ("365", _("1 year")),
    ("", _("Until I revoke it")),
)
SHORTEST_PASSWORD = 6


class ShareForm(forms.Form):
    expires = forms.ChoiceField(
        label=_("The link works for"), choices=EXPIRY, required=False, initial="30"
    )
    with_name = forms.BooleanField(label=_("Show my user name"), required=False)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        min_length=SHORTEST_PASSWORD,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("Leave it empty, and everyone who has the link can read the chat."),
    )

    @property
    def terms(self) -> Terms:
        """Of a form that is valid. It takes a while: a password is hashed."""
        days, password = self.cleaned_data["expires"], self.cleaned_data["password"]
        return Terms(
            days=int(days) if days else None,
            with_name=self.cleaned_data["with_name"],
            password=make_password(password) if password else "",
        )
