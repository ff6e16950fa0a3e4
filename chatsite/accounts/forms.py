"""The forms of coming in: logging in, and making the first account."""

import logging
from typing import Any

from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chatsite.accounts import throttle
from chatsite.models import User

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
