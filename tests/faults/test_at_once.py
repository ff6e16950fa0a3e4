"""What one user does at both processes in the same moment."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from providers.fakeupstream.server import Upstream
from tests import site
from tests.extent import extent
from tests.faults.conftest import Pair
from tests.faults.visitor import Asked, Visitor

pytestmark = pytest.mark.servers

TIMES = extent(150, 10)
SENDS = extent(50, 5)
IS_NEW = pytest.mark.parametrize(
    "is_new",
    [False, pytest.param(True, marks=pytest.mark.thorough)],
    ids=["in a chat", "in a new one"],
)
TEXT = "1 words 1 ms apart"
MOST_RUNS = 5


@pytest.fixture
def two_with_a_limit(pair: Pair, tmp_path: Path) -> Iterator[list[str]]:
    """The addresses of two more processes, which let a user have only so many answers at once."""
    variables = {**pair.variables, "LIMIT_RUNS": str(MOST_RUNS)}
    with ExitStack() as stack:
        running = [stack.enter_context(site.running(tmp_path / name, **variables)) for name in "cd"]
        yield [each.url for each in running]


@pytest.fixture
async def asked(pair: Pair, upstream: Upstream, ada: Visitor) -> Asked:
    """A chat whose answer is whole."""
    begun = await ada.ask(pair.first.url, TEXT)
    await ada.until_ended(pair.first.url, begun)
    return begun


@IS_NEW
async def test_no_draft_of_what_is_being_sent_is_left(
    pair: Pair, ada: Visitor, asked: Asked, is_new: bool
) -> None:
    begun = "c/" if is_new else f"c/{asked.conversation}/"
    left = 0
    for number in range(TIMES):
        fields = {"text": TEXT, "send_id": str(uuid4()), "model": ada.model}
        send = begun if is_new else f"{begun}messages/"
        statuses = await asyncio.gather(
            _post(ada, pair.second.url, f"{begun}draft/", fields),
            _post(ada, pair.first.url, send, fields, wait_s=number % 15 * 0.0007),
        )
        left += [*statuses] == [204, 200] and await asyncio.to_thread(_drafts, pair) > 0
        await asyncio.sleep(0.05)
    assert left == 0


async def test_no_more_answers_begin_than_may(
    pair: Pair, ada: Visitor, asked: Asked, two_with_a_limit: list[str]
) -> None:
    fields = {"text": "200 words 20 ms apart", "model": ada.model}
    sessions = [await _once_more(pair, ada) for _ in range(5)]
    posts = [
        _post(session, url, "c/", {**fields, "send_id": str(uuid4())})
        for session in sessions * 4
        for url in two_with_a_limit
    ]
    statuses = await asyncio.gather(*posts)
    assert (statuses.count(200), statuses.count(429)) == (MOST_RUNS, 40 - MOST_RUNS)


@IS_NEW
async def test_the_same_send_at_both_is_one_question(
    pair: Pair, upstream: Upstream, ada: Visitor, asked: Asked, is_new: bool
) -> None:
    sessions = [ada, *[await _once_more(pair, ada) for _ in range(4)]]
    path = "c/" if is_new else f"c/{asked.conversation}/messages/"
    for number in range(SENDS):
        send = {"text": f"{number + 2} words 1 ms apart", "model": ada.model}
        send["send_id"] = str(uuid4())
        calls = len(upstream.journal)
        posts = [_answers(each, pair, path, send) for each in sessions]
        answers = [answer for both in await asyncio.gather(*posts) for answer in both]
        assert len(answers) == 2 * len(sessions)
        assert len(set(answers)) == 1
        await ada.until_ended(pair.first.url, answers[0])
        assert len(upstream.journal) == calls + 1


async def _once_more(pair: Pair, ada: Visitor) -> Visitor:
    """In a session of its own: each gets its pages one after the other."""
    visitor = Visitor(ada.http)
    await visitor.log_in(pair.first.url)
    return visitor


async def _answers(
    ada: Visitor, pair: Pair, path: str, fields: dict[str, str]
) -> tuple[Asked, Asked]:
    """What each of the two processes, asked at once, says that the answer is."""
    urls = (pair.first.url, pair.second.url)
    first, second = await asyncio.gather(*(ada.send(url, path, fields) for url in urls))
    return first, second


async def _post(
    ada: Visitor, url: str, path: str, fields: dict[str, str], wait_s: float = 0
) -> int:
    await asyncio.sleep(wait_s)
    async with ada.http.post(f"{url}{path}", data=fields, headers=ada.headers(url)) as answer:
        await answer.read()
        return answer.status


def _drafts(pair: Pair) -> int:
    """How many there were; there are none then."""
    with psycopg.connect(pair.variables["DATABASE_URL"]) as connection:
        return connection.execute("DELETE FROM conversations_draft").rowcount
