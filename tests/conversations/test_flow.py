import asyncio

import pytest

from conversations.flow import Allowance, Flight


async def has_room(flight: Flight) -> bool:
    try:
        await asyncio.wait_for(flight.room(), 0.01)
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    ("sizes", "room"),
    [([], True), ([1], True), ([1, 1], False), ([50, 49], False), ([99], True), ([100], False)],
)
async def test_there_is_room_for_so_many_frames_and_characters(
    sizes: list[int], room: bool
) -> None:
    flight = Flight(2, 100)
    for size in sizes:
        flight.launch(size)
    assert await has_room(flight) is room


async def test_what_has_landed_makes_room_for_those_who_wait() -> None:
    flight = Flight(1, 100)
    flight.launch(1)
    waiting = asyncio.create_task(flight.room())
    await asyncio.sleep(0)
    flight.land(1)
    await asyncio.wait_for(waiting, 1)


@pytest.mark.parametrize("number", [0, -1])
async def test_a_number_that_says_nothing_makes_no_room(number: int) -> None:
    flight = Flight(1, 100)
    flight.launch(1)
    flight.land(number)
    assert not await has_room(flight)


async def test_a_number_that_was_never_sent_counts_no_further_than_what_was() -> None:
    flight = Flight(1, 100)
    flight.launch(1)
    flight.land(10**9)
    flight.launch(1)
    assert not await has_room(flight)


def test_so_many_at_once_and_then_so_many_a_second() -> None:
    allowance = Allowance(2, 1.0)
    taken = [allowance.take(at) for at in (100.0, 100.0, 100.0, 101.0, 101.0)]
    assert taken == [True, True, False, True, False]
