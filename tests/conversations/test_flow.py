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


@pytest.mark.parametrize(("number", "is_true"), [(0, True), (1, True), (2, False), (10**9, False)])
async def test_what_was_never_sent_has_not_arrived(number: int, is_true: bool) -> None:
    flight = Flight(1, 100)
    flight.launch(1)
    assert flight.land(number) is is_true
    assert await has_room(flight) is (number == 1)


def test_so_many_at_once_and_then_so_many_a_second() -> None:
    allowance = Allowance(2, 1.0)
    taken = [allowance.take(at) for at in (100.0, 100.0, 100.0, 101.0, 101.0)]
    assert taken == [True, True, False, True, False]


def test_what_was_spent_unasked_has_to_come_back_first() -> None:
    allowance = Allowance(2, 1.0)
    assert allowance.take(100.0)
    allowance.spend(3)
    assert [allowance.take(at) for at in (101.0, 102.0, 103.0)] == [False, False, True]
