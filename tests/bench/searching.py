"""Fills a database with messages, searches them, and says how long each search took, as JSON.

DATA_DIR=… DATABASE_URL=… python -m tests.bench.searching --messages 100000 --reps 5
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "chatsite.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from chatsite.models import User  # noqa: E402
from conversations.models import Conversation, Message, SearchEntry  # noqa: E402
from conversations.models.message import Role  # noqa: E402
from conversations.models.search import message_entry  # noqa: E402

AT_ONCE = 1000
CHINESE = [chr(code) for code in range(0x4E00, 0x4E00 + 3500)]
RARE = "quokka"
# Names, and what the address asks for; the words of the texts are numbered by how common they are.
QUERIES: dict[str, dict[str, str]] = {
    "a common word": {"q": "{w0}"},
    "a rare word": {"q": RARE},
    "a common word and a rare one": {"q": "{w0} " + RARE},
    "the beginning of words": {"q": "{w1:.2}"},
    "one Chinese character": {"q": "{c0}"},
    "a Chinese word of two": {"q": "{c0}{c1}"},
    "a Chinese word of three": {"q": "{c0}{c1}{c2}"},
    "a phrase that hardly ever fits": {"q": '"{w0} {w1} {w2} {w3}"'},
    "twelve words": {"q": "{w0} {w1} {w2} {w3} {w4} {w5} {w6} {w7} {w8} {w9} {w10} {w11}"},
    "nothing to be found": {"q": "zzzzzz"},
    "by role, model and code": {"q": "{w0}", "role": "assistant", "model": "B", "code": "on"},
    "filters alone": {"role": "assistant", "model": "B"},
    "the oldest week": {"q": "{w0}", "until": "{week}"},
    "ten KB of words": {"q": "{w0} {w1} " * 1500},
    "fifty wildcards": {"q": "%" * 50 + "*"},
}


def vocabulary(dice: random.Random) -> list[str]:
    letters = "abcdefghijklmnoprstuvwy"
    return ["".join(dice.choices(letters, k=dice.randint(3, 9))) for _ in range(20_000)]


def texts(dice: random.Random, words: list[str]) -> Iterator[str]:
    """Two of three in words, one in Chinese; the first of each list stand in nearly all of them."""
    while True:
        length = dice.randint(20, 200)
        source, between = (CHINESE, "") if dice.random() < 1 / 3 else (words, " ")
        text = between.join(source[int(len(source) * dice.random() ** 5)] for _ in range(length))
        rare = f" {RARE}" if dice.random() < 0.0003 else ""
        code = "\n```py\npass\n```" if dice.random() < 0.05 else ""
        yield text + rare + code


def fill(owner: User, messages: int, words: list[str]) -> float:
    """Seconds that the index took of it."""
    dice = random.Random(2)  # noqa: S311
    written = texts(dice, words)
    begun, indexing = timezone.now() - timedelta(minutes=5 * messages), 0.0
    for start in range(0, messages, AT_ONCE):
        chat = Conversation.objects.create(owner=owner, title=f"Chat {start}")
        rows = [
            Message(
                conversation=chat,
                role=Role.ASSISTANT if number % 2 else Role.USER,
                model_name=dice.choice("ABC") if number % 2 else "",
                content=next(written),
                created_at=begun + timedelta(minutes=5 * number),
            )
            for number in range(start, min(start + AT_ONCE, messages))
        ]
        Message.objects.bulk_create(rows)
        before = time.perf_counter()
        SearchEntry.objects.bulk_create(message_entry(row, owner.pk) for row in rows)
        indexing += time.perf_counter() - before
    return indexing


def ask(client: Client, fields: dict[str, str], reps: int) -> float:
    """The median of the milliseconds from the request to the page's part."""
    taken = []
    for _ in range(reps):
        before = time.perf_counter()
        response = client.get("/search/", fields, headers={"HX-Request": "true"})
        taken.append((time.perf_counter() - before) * 1000)
        assert response.status_code == 200
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--reps", type=int, default=5)
    wanted = parser.parse_args()
    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("searcher")
    words = vocabulary(random.Random(1))  # noqa: S311
    indexing = fill(owner, wanted.messages, words)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(owner)
    names = {f"w{place}": word for place, word in enumerate(words[:12])}
    names |= {f"c{place}": character for place, character in enumerate(CHINESE[:3])}
    oldest = Message.objects.earliest("created_at").created_at
    names["week"] = f"{oldest + timedelta(days=7):%Y-%m-%d}"
    asked = {
        name: ask(client, {key: text.format(**names) for key, text in query.items()}, wanted.reps)
        for name, query in QUERIES.items()
    }
    sys.stdout.write(
        json.dumps({"asked": asked, "ms_per_entry": indexing * 1000 / wanted.messages})
    )


if __name__ == "__main__":
    main()
