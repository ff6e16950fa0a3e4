"""The first account, for set-ups without a person at a terminal."""

from django.conf import settings

from chatsite.accounts.setup import claim
from chatsite.models import User


def make_first_account() -> None:
    """Makes the account of DJANGO_SUPERUSER_* where there is no administrator yet."""
    if settings.SUPERUSER_USERNAME and not User.has_administrator():
        user = User(username=settings.SUPERUSER_USERNAME, email=settings.SUPERUSER_EMAIL)
        user.set_password(settings.SUPERUSER_PASSWORD)
        claim(user)
