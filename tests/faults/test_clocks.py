"""The clock of one process jumps by hours, as it does when it is set, or after a long sleep."""

import asyncio
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from providers.fakeupstream.server import Upstream
from tests import site
from tests.extent import extent
from tests.faults.conftest import Pair
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import places

pytestmark = [pytest.mark.servers, pytest.mark.thorough]

HOURS = [5, -5, 0][: extent(3, 2)]
# Longer than it takes to call a run abandoned.
STAY_S = extent(12, 4)
COUNT = len(HOURS) * STAY_S * 100
# Python runs a module of this name before anything else. Only the clock that can be set is moved.
JUMPING = f"""
import signal, time
from datetime import timedelta
from django.utils import timezone
real, real_now, offset_s, hours = time.time, timezone.now, 0, iter({HOURS})
def jump(*_):
    global offset_s
    offset_s = next(hours) * 3600
time.time = lambda: real() + offset_s
time.time_ns = lambda: int((real() + offset_s) * 1e9)
timezone.now = lambda: real_now() + timedelta(seconds=offset_s)
signal.signal(signal.SIGUSR1, jump)
"""


async def test_neither_its_answers_nor_those_of_others_end(
    pair: Pair, upstream: Upstream, ada: Visitor, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(JUMPING, encoding="utf-8")
    variables = {**pair.variables, "PYTHONPATH": str(tmp_path)}
    async with site.in_thread(site.running(tmp_path / "jumping", **variables)) as jumping:
        asked = [
            await ada.ask(url, f"{COUNT} words 10 ms apart")
            for url in (jumping.url, pair.first.url)
        ]
        for hours in HOURS:
            jumping.process.send_signal(signal.SIGUSR1)
            await asyncio.sleep(STAY_S)
            assert abs(_ahead(pair, asked[0]) - timedelta(hours=hours)) < timedelta(minutes=1)
        states = [await ada.until_ended(pair.second.url, each) for each in asked]
        texts = [await ada.text(pair.second.url, each) for each in asked]
    assert states == ["complete", "complete"]
    assert [places(text) for text in texts] == [list(range(COUNT))] * 2


def _ahead(pair: Pair, asked: Asked) -> timedelta:
    """How far the lease of the run is dated ahead, by the clock of this test."""
    query = "SELECT lease_until FROM conversations_generation WHERE message_id = %s"
    with psycopg.connect(pair.variables["DATABASE_URL"]) as connection:
        row = connection.execute(query, [asked.answer]).fetchone()
    assert row
    until: datetime = row[0]
    return until - datetime.now(UTC)
