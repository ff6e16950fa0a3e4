"""A process of the run: started here, ended by its id, and what it has cost so far."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from tests.site import ROOT, Site

PROCESS_CLOCK = 2


@dataclass(frozen=True, slots=True)
class Served:
    """Something that answers at `url`, which ends in a slash."""

    url: str
    pid: int

    def cpu_s(self) -> float:
        """User and system seconds since its start. On Linux to the microsecond: the usual
        figure counts in hundredths, more than a whole question costs."""
        if sys.platform == "linux":
            return time.clock_gettime((~self.pid << 3) | PROCESS_CLOCK)
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def written_kb(self) -> float:
        """To files, since its start; 0 where the system does not count that."""
        process = psutil.Process(self.pid)
        counted = hasattr(process, "io_counters")
        return float(process.io_counters().write_chars / 1024) if counted else 0.0

    def rss_mb(self) -> float:
        return float(psutil.Process(self.pid).memory_info().rss / 1e6)


def served(site: Site) -> Served:
    return Served(site.url, site.process.pid)


@contextmanager
def module(name: str, *arguments: str) -> Iterator[Served]:
    """A module of this package that says `Ready: <url>` once it serves."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{name}", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            yield Served(_address(process), process.pid)
        finally:
            process.kill()
            process.wait()


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Ready: "):
            return line.removeprefix("Ready: ").strip()
    raise RuntimeError(f"a process ended before it was ready: {process.args!r}")
