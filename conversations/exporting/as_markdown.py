"""A conversation as one reads it, in Markdown: the branch that is shown."""

from collections.abc import Iterator
from datetime import UTC

from django.utils.translation import gettext as _

from conversations.branch import branch_ids
from conversations.exporting.walking import messages_of
from conversations.models import Conversation, Message, Picture
from conversations.models.message import Role


def document(conversation: Conversation) -> Iterator[str]:
    yield f"# {conversation.title}\n"
    if conversation.system_prompt:
        yield f"\n{_quoted(_('System prompt'), conversation.system_prompt)}"
    for message in messages_of(branch_ids(conversation)):
        yield from _message(message)


def _message(message: Message) -> Iterator[str]:
    yield f"\n## {who(message)} · {message.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC\n\n"
    if message.reasoning:
        yield f"{_quoted(_('Thoughts'), message.reasoning)}\n"
    yield f"{message.content}\n"
    if message.role == Role.ASSISTANT:
        yield from map(_picture, message.pictures.all())


def who(message: Message) -> str:
    """Who wrote it, as a heading."""
    name = message.model_name if message.role == Role.ASSISTANT else ""
    return " ".join(name.split()) or message.get_role_display()


def _quoted(title: str, text: str) -> str:
    lines = [f"**{title}**", "", *text.splitlines()]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines)


def _picture(picture: Picture) -> str:
    number = picture.number + 1
    if picture.url:
        return (
            "\n" + _("Image %(number)d: <%(url)s>") % {"number": number, "url": picture.url} + "\n"
        )
    if picture.media_type:
        return (
            "\n"
            + _("Image %(number)d is in the HTML and JSON exports.") % {"number": number}
            + "\n"
        )
    return ""
