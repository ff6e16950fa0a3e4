"""Saves texts over and over, as a process does whose answers grow; says what one time costs.

DATA_DIR=… [DATABASE_URL=…] python -m tests.bench.saving 1x5 1x500 100x5

`100x5` is a hundred answers of 5 KB at once.
"""

import itertools
import json
import os
import statistics
import sys
import time
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "chatsite.settings"
django.setup()

from django.core.management import call_command  # noqa: E402

from chatsite.models import User  # noqa: E402
from conversations.generation import store  # noqa: E402
from conversations.models import Conversation, Message  # noqa: E402
from conversations.models.message import Role  # noqa: E402
from tests.bench.markdown import MARK, document  # noqa: E402
from tests.bench.process import Served  # noqa: E402

LIMIT_S = 2.5
TIMES = 60
# What a service says in the time between two checkpoints.
GROWTH = "and a few words more "


def cost(count: int, kilobytes: int) -> dict[str, float]:
    """Milliseconds, those of CPU in this process, and KB written, of one checkpoint."""
    answers, text = [_running_answer() for _ in range(count)], _text(kilobytes * 1024)
    _save(answers, text)
    seconds: list[float] = []
    own, ending = Served("", os.getpid()), time.monotonic() + LIMIT_S
    cpu, written = time.process_time(), own.written_kb()
    for number in itertools.count(1):
        began = time.perf_counter()
        _save(answers, text + GROWTH * number)
        seconds.append(time.perf_counter() - began)
        if number == TIMES or time.monotonic() > ending:
            break
    return {
        "ms": statistics.median(seconds) * 1000,
        "cpu_ms": (time.process_time() - cpu) * 1000 / len(seconds),
        "kb": (own.written_kb() - written) / len(seconds),
    }


def _save(answers: list[UUID], text: str) -> None:
    written = store.Written(text, "")
    standing = store.checkpoint([(answer, written) for answer in answers], answers)
    if standing.ours != frozenset(answers):
        raise RuntimeError("not everything was saved")


def _text(size: int) -> str:
    return document(2 * size).replace(MARK, "").encode()[:size].decode(errors="ignore")


def _running_answer() -> UUID:
    owner, _ = User.objects.get_or_create(username="saver")
    conversation = Conversation.objects.create(owner=owner, title="A chat")
    answer = Message.objects.create(conversation=conversation, role=Role.ASSISTANT)
    store.claim(answer)
    return answer.pk


def main() -> None:
    call_command("migrate", verbosity=0)
    rounds = {}
    for name in sys.argv[1:]:
        count, _, kilobytes = name.partition("x")
        rounds[name] = cost(int(count), int(kilobytes))
    sys.stdout.write(json.dumps(rounds))


if __name__ == "__main__":
    main()
