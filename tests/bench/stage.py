"""What every part of a run stands on: the scripted service, the relay, and a site with people."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.process import Served, module, served
from tests.site import ROOT, running


@dataclass(frozen=True, slots=True)
class LongChat:
    """A stored conversation: who may see it, where, its last message's id in the page, and the ids
    of two versions of its first question."""

    session: str
    path: str
    last: str
    versions: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Stage:
    upstream: Served
    relay: Served
    site: Served
    # Session keys: one for each user, and that of the one with thousands of conversations.
    sessions: list[str]
    collector: str
    # The ids that the site gave the service's models, by their names.
    models: dict[str, str]
    long_chats: dict[int, LongChat]


@contextmanager
def staged(users: int, conversations: int, lengths: tuple[int, ...]) -> Iterator[Stage]:
    """All of it on loopback, with data that is gone at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        module("upstream") as upstream,
        module("relay", upstream.url) as relay,
        running(Path(folder), **variables(upstream)) as site,
    ):
        here = {**variables(upstream), "DATA_DIR": folder}
        made = seed(here, users, conversations, lengths)
        chats = {int(count): LongChat(**chat) for count, chat in made["conversations"].items()}
        yield Stage(
            upstream,
            relay,
            served(site),
            made["sessions"],
            made["collector"],
            made["models"],
            chats,
        )


def variables(upstream: Served) -> dict[str, str]:
    """The environment of a site that answers with the scripted service."""
    return {
        "OPENAI_BASE_URL": f"{upstream.url}v1",
        "OPENAI_API_KEY": "sk-bench",
        "DJANGO_SUPERUSER_USERNAME": "admin",
        "DJANGO_SUPERUSER_PASSWORD": "a long enough passphrase",
    }


def seed(
    environment: dict[str, str], users: int, conversations: int = 0, lengths: tuple[int, ...] = ()
) -> Any:
    """What the seed says that it made for the site of this environment."""
    wanted = ["--users", str(users), "--conversations", str(conversations)]
    if lengths:
        wanted += ["--messages", *map(str, lengths)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.seed", *wanted],
        cwd=ROOT,
        env={**os.environ, "LOCAL_MODEL": "0", **environment},
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout)
