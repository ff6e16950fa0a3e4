"""The forms of coming in: logging in, making the first account, asking for one."""

import logging
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chatsite.accounts import throttle
from chatsite.models import SignupRequest, User

security_log = logging.getLogger("chatsite.security")


class LoginForm(AuthenticationForm):
    """Refuses with the same words whether the account is unknown, disabled, or the password is
    wrong; and without looking at the password when there were too many failures."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages["invalid_login"] = _(
            "This username and password do not match an account. Check both and try again."
        )

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username") or ""
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if not (username and self.cleaned_data.get("password")):
            return self.cleaned_data
        if not throttle.allow(username, address):
            security_log.warning("log-in refused, too many failures, from %s", address)
            raise ValidationError(
                _("Too many failed attempts. Wait 15 minutes, then try again."), code="throttled"
            )
        try:
            cleaned = super().clean()
        except ValidationError:
            security_log.warning("log-in failed from %s", address)
            raise
        throttle.forget(username, address)
        return cleaned


class FirstAccountForm(BaseUserCreationForm):  # type: ignore[type-arg]
    """Name and password of the administrator."""

    class Meta:
        model = User
        fields = ("username",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = ""
        self.fields["password2"].help_text = ""


class SignupForm(forms.ModelForm):  # type: ignore[type-arg]
    """It does not look whether the name is taken: a stranger would learn who has an account."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    field_order = ("username", "password", "note")

    class Meta:
        model = SignupRequest
        fields = ("username", "note")
        widgets = {  # noqa: RUF012 - Django's own way
            "username": forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
            "note": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _("Who you are, and how the administrator can reach you.")

    def clean_username(self) -> str:
        username: str = User.normalize_username(self.cleaned_data["username"])
        User.username_validator(username)
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(username=cleaned.get("username", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def save(self, commit: bool = True) -> SignupRequest:
        self.instance.password = make_password(self.cleaned_data["password"])
        saved: SignupRequest = super().save(commit)
        return saved
