"""What is counted while answers are written and watched."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from prometheus_client import REGISTRY

from chatsite.models import User
from conversations import sockets
from conversations.generation import checkpoints, hub
from conversations.generation.follow import follow
from conversations.generation.run import Run
from providers import client
from tests import people
from tests import upstream as wire
from tests.chats import a_model, asked
from tests.upstream import HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
Rise = Callable[..., float]


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await hub.shutdown()
        await client.close()


@pytest.fixture
def rise() -> Rise:
    """By how much a figure has grown since the test began."""
    before = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in REGISTRY.collect()
        for sample in family.samples
    }

    def since(name: str, **labels: str) -> float:
        now = REGISTRY.get_sample_value(f"chatsite_{name}", labels) or 0.0
        return now - before.get((f"chatsite_{name}", *sorted(labels.items())), 0.0)

    return since


async def started(upstream: Upstream) -> Run:
    sent = await sync_to_async(lambda: asked(people.olivia(), a_model(upstream.base_url)))()
    assert sent.order
    return await hub.start(sent.order)


async def ended(upstream: Upstream) -> None:
    await (await started(upstream)).wait(10)


async def test_an_answer_counts_once_and_with_its_tokens(upstream: Upstream, rise: Rise) -> None:
    await ended(upstream)

    assert rise("runs_ended_total", state="complete") == 1
    assert rise("first_token_seconds_count") == 1
    assert rise("tokens_total", direction="written") == 5


async def test_a_failure_counts_by_its_kind(upstream: Upstream, rise: Rise) -> None:
    upstream.script(wire.error(401, "no"))
    await ended(upstream)

    assert rise("runs_ended_total", state="failed") == 1
    assert rise("run_errors_total", kind="auth") == 1


async def test_what_runs_is_counted_until_it_ends(upstream: Upstream, rise: Rise) -> None:
    upstream.script(wire.EVENT_STREAM, wire.chunk("for ever"), HANG)
    run = await started(upstream)
    running = rise("runs")
    await hub.stop(run.order.answer_id)

    assert (running, rise("runs")) == (1, 0)


async def test_what_is_saved_in_between_is_timed(upstream: Upstream, rise: Rise) -> None:
    upstream.script(wire.EVENT_STREAM, wire.chunk("for ever"), HANG)
    await started(upstream)
    await asyncio.sleep(checkpoints.EVERY_S * 1.5)

    assert rise("checkpoint_seconds_count") == 1
    assert rise("queue_length", queue="store_write") == 0


async def test_a_frame_is_as_late_as_the_oldest_chunk_in_it(upstream: Upstream, rise: Rise) -> None:
    upstream.script(wire.EVENT_STREAM, 0.2, *(wire.chunk("a word "), 0.03) * 10, wire.finish())
    run = await started(upstream)
    async for _update in follow(run.order.answer_id, None):
        pass

    assert rise("frame_lag_seconds_count") >= 3
    assert rise("frame_lag_seconds_bucket", le="0.2") == rise("frame_lag_seconds_count")


async def test_an_answer_that_nobody_watches_has_no_frames(upstream: Upstream, rise: Rise) -> None:
    await ended(upstream)

    assert rise("frame_lag_seconds_count") == 0


class Page:
    async def close(self, code: int) -> None: ...


def test_sockets_are_counted_while_they_are_open(rise: Rise) -> None:
    page, user = Page(), User(pk=uuid4().int)
    sockets.opened(user, None, page)  # type: ignore[arg-type]
    opened = rise("sockets")
    sockets.closed(user.pk, page)  # type: ignore[arg-type]

    assert (opened, rise("sockets")) == (1, 0)
