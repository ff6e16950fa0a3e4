"""Terms that no text can hold: whose it is and what it is, so that the index itself filters.

Each begins with a character for private use, which is no part of any word.
"""

import re
from hashlib import blake2s

_OWN = "\ue000"
_CODE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
TITLE = f"{_OWN}title"
CODE = f"{_OWN}code"
IMAGE = f"{_OWN}image"


def owner_mark(user_id: int) -> str:
    return f"{_OWN}owner{user_id}"


def role_mark(role: str) -> str:
    return f"{_OWN}{role}"


def model_mark(name: str) -> str:
    return f"{_OWN}model{blake2s(name.encode(errors='replace'), digest_size=8).hexdigest()}"


def message_marks(owner_id: int, role: str, model_name: str, content: str) -> list[str]:
    named = [model_mark(model_name)] if model_name else []
    code = [CODE] if _CODE.search(content) else []
    return [owner_mark(owner_id), role_mark(role), *named, *code]


def title_marks(owner_id: int) -> list[str]:
    return [owner_mark(owner_id), TITLE]
