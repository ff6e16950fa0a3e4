"""Django behind a few threads, asked as a server asks it."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse

from chatsite.pages import SESSIONS_REMEMBERED, WITH_PASSWORD, Desks, Owners, Pages

pytestmark = pytest.mark.urls(__name__)
TOKEN = "c" * 32
going: list[int] = []
most: list[int] = []
entered = threading.Semaphore(0)
leave = threading.Event()
done = threading.Semaphore(0)


def loop(request: HttpRequest) -> HttpResponse:
    async def running_loop() -> int:
        return id(asyncio.get_running_loop())

    return HttpResponse(str(async_to_sync(running_loop)()))


def hold(request: HttpRequest) -> HttpResponse:
    going.append(1)
    most.append(len(going))
    entered.release()
    leave.wait(5)
    going.pop()
    done.release()
    return HttpResponse()


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def pieces(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"one ", b"two"]))


async def _later() -> AsyncIterator[bytes]:
    yield b"soon "
    await asyncio.sleep(0)
    yield b"later"


async def _endless() -> AsyncIterator[bytes]:
    try:
        yield b"begun"
        await asyncio.sleep(60)
    finally:
        done.release()


def endless(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(_endless())


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(_later())


urlpatterns = [path(view.__name__, view) for view in (loop, hold, fail, pieces, stream, endless)]
urlpatterns += [path("admin/hold", hold), path("providers/hold", hold)]
PASSWORDS = ["accounts/login/", "setup/", "admin/user/add/", "admin/user/1/password/"]
PASSWORDS += ["s/token/unlock/"]
COPYING = ["c/1/share/", "shared/1/update/", "s/token/continue/"]
urlpatterns += [path(name, hold) for name in COPYING]
urlpatterns += [path(name, hold) for name in PASSWORDS]
urlpatterns += [path("m/stop/", loop), path("c/delete/", hold), path("free/login/", loop)]
urlpatterns += [path("readyz", hold), path("metrics", hold), path("healthz", loop)]


@pytest.fixture(autouse=True)
def nobody_holds() -> None:
    leave.clear()
    most.clear()


async def get(
    pages: Pages | Desks,
    name: str,
    gone: asyncio.Event | None = None,
    session: str = "",
    method: str = "GET",
) -> tuple[int, bytes]:
    """The reader leaves once `gone` is set; without it only after the end."""
    asked = [{"type": "http.request"}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not asked:
            await (gone or asyncio.Event()).wait()
        return asked.pop() if asked else {"type": "http.disconnect"}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    cookies = f"csrftoken={TOKEN}" + (f"; sessionid={session}" if session else "")
    headers = [(b"host", b"localhost"), (b"cookie", cookies.encode())]
    headers += [(b"x-csrftoken", TOKEN.encode())]
    scope = {"type": "http", "method": method, "path": f"/{name}", "headers": headers}
    await pages(scope, receive, send)
    return sent[0]["status"], b"".join(event.get("body", b"") for event in sent[1:])


async def test_whoever_leaves_loses_the_answer_and_not_what_was_asked_for() -> None:
    leaving = asyncio.create_task(get(Pages(threads=1), "hold"))
    await asyncio.to_thread(entered.acquire, timeout=5)
    leaving.cancel()
    leave.set()
    await asyncio.to_thread(done.acquire, timeout=5)

    assert most == [1]


async def test_what_a_view_starts_runs_on_the_server_s_own_loop() -> None:
    assert await get(Pages(), "loop") == (200, str(id(asyncio.get_running_loop())).encode())


@pytest.mark.parametrize("look", ["readyz", "metrics"])
async def test_the_site_is_alive_also_while_other_looks_wait_for_the_database(look: str) -> None:
    desks = Desks()
    asking = asyncio.create_task(get(desks, look))
    await asyncio.to_thread(entered.acquire, timeout=5)
    alive = await asyncio.wait_for(get(desks, "healthz"), 1)
    leave.set()
    await asking

    assert alive[0] == 200


async def test_so_many_pages_are_made_at_once_and_no_more() -> None:
    pages = Pages(threads=2)
    asked = [asyncio.create_task(get(pages, "hold")) for _ in range(6)]
    for _ in range(2):
        await asyncio.to_thread(entered.acquire, timeout=5)
    leave.set()
    await asyncio.gather(*asked)

    assert max(most) == 2


async def test_slow_pages_of_one_session_leave_room_for_the_others() -> None:
    pages = Pages(threads=2)
    hers = [asyncio.create_task(get(pages, "hold", session="hers")) for _ in range(6)]
    await asyncio.to_thread(entered.acquire, timeout=5)
    async with asyncio.timeout(5):
        assert (await get(pages, "loop", session="his"))[0] == 200
    leave.set()
    assert [status for status, _ in await asyncio.gather(*hers)] == [200] * 6
    assert max(most) == 1


async def test_whoever_waits_for_a_service_holds_up_no_chat() -> None:
    desks = Desks()
    waiting = [
        asyncio.create_task(get(desks, f"{part}/hold"))
        for part in ("providers", "admin")
        for _ in range(12)
    ]
    for _ in range(8):
        await asyncio.to_thread(entered.acquire, timeout=5)
    async with asyncio.timeout(5):
        assert (await get(desks, "loop"))[0] == 200
    leave.set()
    await asyncio.gather(*waiting)

    assert max(most) == 8


async def test_a_stop_stands_behind_no_page_that_waits() -> None:
    desks = Desks()
    held = ("providers/hold", "admin/hold", "hold", "c/delete/")
    waiting = [asyncio.create_task(get(desks, name)) for name in held for _ in range(4)]
    for _ in range(14):
        await asyncio.to_thread(entered.acquire, timeout=5)
    async with asyncio.timeout(5):
        assert (await get(desks, "m/stop/"))[0] == 200
    leave.set()
    await asyncio.gather(*waiting)


async def test_whoever_sends_a_password_holds_up_no_other_page() -> None:
    desks = Desks()
    waiting = [
        asyncio.create_task(get(desks, name, method="POST")) for name in PASSWORDS for _ in range(5)
    ]
    await asyncio.to_thread(entered.acquire, timeout=5)
    async with asyncio.timeout(5):
        assert (await get(desks, "loop"))[0] == 200
    leave.set()
    await asyncio.gather(*waiting)

    assert max(most) == 1


async def test_whoever_copies_a_chat_holds_up_neither_chats_nor_log_ins() -> None:
    desks = Desks()
    waiting = [
        asyncio.create_task(get(desks, name, method="POST")) for name in COPYING for _ in range(4)
    ]
    for _ in range(4):
        await asyncio.to_thread(entered.acquire, timeout=5)
    async with asyncio.timeout(5):
        assert (await get(desks, "loop"))[0] == 200
        assert (await get(desks, "free/login/", method="POST"))[0] == 200
    leave.set()
    await asyncio.gather(*waiting)


@pytest.mark.urls("chatsite.urls")
@pytest.mark.parametrize(
    "name", ["login", "setup", "admin:password_change", "admin:chatsite_user_add"]
)
def test_what_stands_in_that_line_is_the_site_s_own_forms(name: str) -> None:
    assert reverse(name).endswith(WITH_PASSWORD)


async def test_a_page_that_takes_longer_than_its_limit_is_answered_without_it() -> None:
    status, body = await get(Pages(threads=1, limit_s=0.05), "hold")
    leave.set()
    await asyncio.to_thread(done.acquire, timeout=5)

    assert (status, body) == (503, b"no answer in time")


async def test_a_page_that_fails_makes_room_for_the_next(caplog: pytest.LogCaptureFixture) -> None:
    pages = Pages(threads=1)
    answers = [(await get(pages, "fail"))[0] for _ in range(3)]

    assert answers == [500, 500, 500]


@pytest.mark.parametrize(
    ("name", "body"), [("pieces", b"one two"), ("stream", b"soon later")], ids=["sync", "async"]
)
async def test_a_page_in_pieces_comes_whole(name: str, body: bytes) -> None:
    assert await get(Pages(), name) == (200, body)


async def test_a_page_that_is_written_as_it_comes_ends_when_its_reader_leaves() -> None:
    gone = asyncio.Event()
    reading = asyncio.create_task(get(Pages(), "endless", gone))
    await asyncio.sleep(0.2)
    gone.set()

    assert await asyncio.wait_for(reading, 5) == (200, b"begun")
    assert done.acquire(timeout=5)


def test_the_sessions_of_a_user_have_one_name() -> None:
    owners = Owners()
    owners.note("one", 7)
    owners.note("two", 7)
    owners.note("three", None)

    assert owners.of("one") == owners.of("two") != owners.of("three") == "three"


def test_of_many_sessions_the_last_are_remembered() -> None:
    owners = Owners()
    for number in range(SESSIONS_REMEMBERED + 1):
        owners.note(str(number), number)

    assert (owners.of("0"), owners.of("1")) == ("0", "user 1")
