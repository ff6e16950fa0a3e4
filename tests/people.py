"""The people of the tests, each with a part to play."""

from django.contrib.auth.models import Permission

from chatsite.models import User

PASSWORD = "a long enough passphrase"


def person(username: str) -> User:
    return User.objects.create_user(username, password=PASSWORD)


def may_own_providers(user: User) -> None:
    """As an administrator allows it."""
    user.user_permissions.add(Permission.objects.get(codename="own_provider"))


def olivia() -> User:
    """Whose conversations they are."""
    return person("olivia")


def sam() -> User:
    """A stranger: signed in, and with no right to anything of Olivia's."""
    return person("sam")


def ada() -> User:
    """The administrator."""
    return User.objects.create_superuser("ada", password=PASSWORD)
