import asyncio
from typing import Any

import pytest

from chatsite.turnstile import Turnstile


async def test_so_many_pages_are_made_at_once_and_no_more() -> None:
    going = most = 0

    async def page(*_: Any) -> None:
        nonlocal going, most
        going += 1
        most = max(most, going)
        await asyncio.sleep(0.001)
        going -= 1

    turnstile = Turnstile(page, at_once=3)
    await asyncio.gather(*(turnstile({}, None, None) for _ in range(20)))  # type: ignore[arg-type]
    assert most == 3


async def test_a_page_that_fails_makes_room_for_the_next() -> None:
    async def page(*_: Any) -> None:
        raise RuntimeError

    turnstile = Turnstile(page, at_once=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            await asyncio.wait_for(turnstile({}, None, None), 1)  # type: ignore[arg-type]
