"""Fills the database of the site under test; says what it made as JSON.

DATA_DIR=… python -m tests.bench.seed --users 100 --conversations 5000 --messages 400
"""

import argparse
import json
import os
import sys
from uuid import uuid4

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "chatsite.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from chatsite.models import User  # noqa: E402
from conversations.models import Conversation, Folder, Generation, Message, Tag  # noqa: E402
from conversations.models.generation import State  # noqa: E402
from conversations.models.message import Role  # noqa: E402
from conversations.rendering.markdown import VERSION, render  # noqa: E402
from providers.models import Model  # noqa: E402
from tests.bench.markdown import MARK, document  # noqa: E402

AT_ONCE = 500
FOLDERS = 10


def sessions(prefix: str, users: int) -> list[str]:
    """The session keys of new users, each logged in."""
    return [_session(User.objects.create_user(f"{prefix}{number}")) for number in range(users)]


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def fill_list(conversations: int) -> str:
    """A user with as many short conversations in some order; the session key."""
    owner = User.objects.create_user("collector")
    for start in range(0, conversations, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, conversations))
        rows = [Conversation(owner=owner, title=f"Stored chat {number}") for number in numbers]
        Conversation.objects.bulk_create(rows)
        _extend(dict.fromkeys(rows, 1), "A short answer.")
    _put_in_order(owner)
    return _session(owner)


def _put_in_order(owner: User) -> None:
    """Some of the chats pinned, a tenth in folders, a tenth in the archive, and some tags."""
    mine = Conversation.objects.filter(owner=owner)
    keys = list(mine.values_list("pk", flat=True))
    for number in range(FOLDERS):
        folder = Folder.objects.create(owner=owner, name=f"Folder {number}")
        Tag.objects.create(owner=owner, name=f"Tag {number}", folded=f"tag {number}")
        mine.filter(pk__in=keys[number :: 10 * FOLDERS]).update(folder=folder)
    mine.filter(pk__in=keys[FOLDERS::10]).update(archived_at=timezone.now())
    mine.filter(pk__in=keys[-FOLDERS:]).update(pinned_at=timezone.now())


def fill_conversation(messages: int) -> dict[str, object]:
    """A conversation of as many messages: its owner's session key, its address, its last message's
    id in the page, and the ids of two versions of its first question, the second being shown."""
    owner = User.objects.create_user(f"writer{messages}")
    conversation = Conversation.objects.create(owner=owner, title="A long chat")
    _extend({conversation: messages // 2}, document(600).replace(MARK, ""))
    conversation.refresh_from_db()
    address, leaf = conversation.get_absolute_url(), conversation.leaf_id
    first = conversation.messages.get(parent=None)
    other = Message.objects.create(
        conversation=conversation, role=Role.USER, author=owner, send_id=uuid4(), content="Another"
    )
    return {
        "session": _session(owner),
        "path": address,
        "last": f"m-{leaf}",
        "versions": [str(other.pk), str(first.pk)],
    }


def _extend(turns: dict[Conversation, int], answer: str) -> None:
    """Each conversation gets so many questions, all with this answer, and shows the last."""
    html = render(answer)
    written: list[Message] = []
    for conversation, count in turns.items():
        for number in range(count):
            asked = Message(
                conversation=conversation,
                parent=written[-1] if number else None,
                role=Role.USER,
                author=conversation.owner,
                send_id=uuid4(),
                content=f"Question {number}",
            )
            answered = Message(
                conversation=conversation,
                parent=asked,
                role=Role.ASSISTANT,
                content=answer,
                html=html,
                html_version=VERSION,
            )
            written += [asked, answered]
    Message.objects.bulk_create(written, AT_ONCE)
    Generation.objects.bulk_create(map(_ended, written[1::2]), AT_ONCE)
    for message in written:
        message.conversation.leaf_id = message.pk
    Conversation.objects.bulk_update(turns, ["leaf"], AT_ONCE)


def _ended(answer: Message) -> Generation:
    now = timezone.now()
    return Generation(
        message=answer, state=State.COMPLETE, runner="bench", lease_until=now, ended_at=now
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=0)
    parser.add_argument("--conversations", type=int, default=0)
    parser.add_argument("--messages", type=int, nargs="*", default=[])
    wanted = parser.parse_args()
    made = {
        "sessions": sessions("reader", wanted.users),
        "models": {model.model_id: str(model.pk) for model in Model.objects.all()},
        "collector": fill_list(wanted.conversations) if wanted.conversations else "",
        "conversations": {count: fill_conversation(count) for count in wanted.messages},
    }
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main()
