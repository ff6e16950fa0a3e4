"""One site in several processes, on a Postgres and a Redis of its own."""

import base64
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.process import Served, served
from tests.bench.stage import seed, variables
from tests.faults import servers
from tests.site import running


@dataclass(frozen=True, slots=True)
class Several:
    """`environment` starts one more of them, with a data directory below `folder`."""

    processes: Sequence[Served]
    sessions: list[str]
    models: dict[str, str]
    environment: dict[str, str]
    folder: Path


def is_possible() -> bool:
    return bool(servers.program("postgres") and servers.program("redis-server"))


@contextmanager
def several(count: int, upstream: Served, users: int) -> Iterator[Several]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        _, database_url = stack.enter_context(servers.postgres())
        _, redis_url = stack.enter_context(servers.redis())
        environment = {
            **variables(upstream),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "one secret for all processes: 0123456789 abcdefghij",
            "ENCRYPTION_KEYS": base64.urlsafe_b64encode(bytes(range(32))).decode(),
        }
        processes = [
            served(stack.enter_context(running(folder / f"{number}", **environment)))
            for number in range(count)
        ]
        made = seed({**environment, "DATA_DIR": str(folder / "0")}, users)
        yield Several(processes, made["sessions"], made["models"], environment, folder)
