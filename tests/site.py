"""The real site in a process of its own, as `manage.py serve` runs it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Site:
    """Where it serves, and what it has said since it started."""

    process: subprocess.Popen[str]
    url: str = ""
    lines: list[str] = field(default_factory=list)

    def read_until(self, pattern: str) -> "re.Match[str]":
        """The first line that matches; fails with all that was said when the site ends first."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if match := re.search(pattern, line):
                return match
        raise AssertionError("the site ended early:\n" + "".join(self.lines))

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """The exit status, once it has stopped."""
        self.process.send_signal(sign)
        return self.process.wait(30)


@contextmanager
def running(data_dir: Path, *arguments: str, **variables: str) -> Iterator[Site]:
    """A site that is ready, on a port of its own and under these variables alone."""
    process = start(data_dir, "--port", "0", *arguments, **variables)
    site = Site(process)
    try:
        site.url = site.read_until(r"^Ready: (http://\S+/)$")[1]
        yield site
    finally:
        process.kill()
        process.communicate()


def start(data_dir: Path, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", *arguments],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(data_dir), "LOCAL_MODEL": "0", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
