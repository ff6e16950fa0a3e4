"""What an export of this site says of itself before its conversations, in its first characters:
what else stands there may be long, such as an account with all that belongs to it."""

import re

HEAD = 1024
_OWN = re.compile(r'"format"\s*:\s*"chatsite"')
_VERSION = re.compile(r'"version"\s*:\s*([^\s,}]+)')


def is_own(head: str) -> bool:
    return _OWN.search(head) is not None


def version_of(head: str) -> str:
    """As it is written there; '' for none."""
    found = _VERSION.search(head)
    return found[1] if found else ""
