"""The people of the tests, each with a part to play."""

from chatsite.models import User

PASSWORD = "a long enough passphrase"


def person(username: str) -> User:
    return User.objects.create_user(username, password=PASSWORD)


def olivia() -> User:
    """Whose conversations they are."""
    return person("olivia")


def sam() -> User:
    """A stranger: signed in, and with no right to anything of Olivia's."""
    return person("sam")


def ada() -> User:
    """The administrator."""
    return User.objects.create_superuser("ada", password=PASSWORD)
