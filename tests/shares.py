"""Shared conversations of the tests."""

from django.contrib.auth.hashers import make_password

from chatsite.models import User
from conversations.models import Conversation, Picture, Share
from conversations.models.message import Role
from conversations.sharing import Terms, share
from tests.chats import a_conversation

PNG = b"\x89PNG\r\n\x1a\n a small one"


def add_picture(chat: Conversation, number: int = 0) -> None:
    """To its newest answer."""
    answer = chat.messages.filter(role=Role.ASSISTANT).latest("created_at")
    Picture.objects.create(message=answer, number=number, data=PNG, media_type="image/png")


def a_share(
    owner: User,
    title: str = "On lamps",
    turns: int = 1,
    *,
    days: int | None = None,
    with_name: bool = False,
    password: str = "",
) -> Share:
    """Of a new conversation of this many turns."""
    hashed = make_password(password) if password else ""
    return share(a_conversation(owner, title, turns), Terms(days, with_name, hashed))
