"""In whose name a command asks."""

from argparse import ArgumentParser

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import CommandError
from django.utils.translation import gettext as _


def add_user_option(parser: ArgumentParser, help: str) -> None:
    parser.add_argument("--user", default="", help=f"{help}; default: the first administrator")


def user_named(name: str) -> AbstractBaseUser:
    """Without a name the first administrator; CommandError if nobody has it."""
    users = get_user_model().objects
    if name:
        if found := users.filter(username=name).first():
            return found
        told = _("There is no user named %(name)s.") % {"name": name}
        raise CommandError(told, returncode=2)
    if first := users.filter(is_superuser=True, is_active=True).order_by("pk").first():
        return first
    # Nobody has an account yet; this one cannot sign in and only keeps the terminal's history.
    terminal, _made = users.get_or_create(username="terminal", defaults={"is_active": False})
    return terminal
