"""One request over several routes, against scripted services over real TCP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import get_args

import pytest

from providers import client, failover
from providers.attempts import Policy, RoutesFailed
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.events import Event, Finished, TextDelta, UsageReported
from providers.health import Health
from providers.ordering import Order
from providers.routing_events import Answered, Rerouted
from tests import upstream as wire
from tests.providers.two_services import FIXED, LIMITED, NOWHERE, REQUEST, Site, limited
from tests.upstream import CUT, EVENT_STREAM, HANG, RESET, Step, Upstream


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Upstream() as a, Upstream() as b:
        yield Site(a, b)
        await client.close()


def wrong_key(received: wire.Received) -> wire.Script:
    if received.headers.get("authorization") == "Bearer a-long-key-that-is-good":
        return wire.answer("opened")
    return [wire.error(401, "Incorrect API key provided", "invalid_api_key")]


async def test_the_first_route_answers_and_says_so(site: Site) -> None:
    assert await site.ask() == "Hello world"
    host = site.a.base_url.removeprefix("http://").removesuffix("/v1")
    assert site.events[0] == Answered(f"a, {host}")
    assert site.asked == (1, 0)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ([LIMITED], ErrorKind.RATE_LIMIT),
        ([wire.error(503, "overloaded")], ErrorKind.OVERLOADED),
        ([wire.error(500, "broken")], ErrorKind.UPSTREAM),
        ([wire.error(503, "No available channel for model m")], ErrorKind.NO_CHANNEL),
        ([wire.error(404, "model not found", "model_not_found")], ErrorKind.NOT_FOUND),
        ([wire.error(402, "Insufficient Balance")], ErrorKind.BILLING),
        ([wire.error(403, "permission_denied")], ErrorKind.PERMISSION),
        ([HANG], ErrorKind.TIMEOUT),
        ([RESET], ErrorKind.PROTOCOL),
        ([EVENT_STREAM, b": waking\n\n", CUT], ErrorKind.PROTOCOL),
        ([EVENT_STREAM, b'data: {"error": {"code": 429}}\n\n', CUT], ErrorKind.RATE_LIMIT),
        ([wire.response(200, "text/html", b"<!doctype html>")], ErrorKind.PROTOCOL),
    ],
    ids=[
        *("limited", "overloaded", "broken", "no_channel", "no_model", "billing", "permission"),
        *("silent", "reset", "cut_before_a_word", "error_in_stream", "page"),
    ],
)
async def test_before_the_first_word_the_next_route_is_asked_at_once(
    site: Site, script: list[Step], kind: ErrorKind
) -> None:
    site.a.script(*script)
    assert await site.ask() == "Hello world"
    assert site.rerouted == [("a", kind, "b")]
    assert (site.asked, site.time.waits) == ((1, 1), [])


async def test_a_host_that_is_not_there_gives_way_to_one_that_is(site: Site) -> None:
    assert await site.ask(NOWHERE, site.route(site.b)) == "Hello world"
    assert site.rerouted == [("nowhere", ErrorKind.UNREACHABLE, "b")]


async def test_a_refused_key_gives_way_to_another_of_the_same_host(site: Site) -> None:
    async with Upstream(wrong_key) as door:
        routes = [
            site.route(door, key) for key in ("a-long-key-that-is-bad", "a-long-key-that-is-good")
        ]
        assert await site.ask(*routes) == "opened"
        assert len(door.journal) == 2
    [told] = [event for event in site.events if isinstance(event, Rerouted)]
    assert (told.route[-5:], told.kind, told.next[-5:]) == ("…-bad", ErrorKind.AUTH, "…good")


async def test_refused_keys_are_tried_once_each_however_often_they_are_named(site: Site) -> None:
    async with Upstream(wrong_key) as door:
        routes = [site.route(door, key) for key in ("first-bad-key", "second-bad-key")]
        failed = await site.fail(*routes, *routes)
        assert len(door.journal) == 2
    assert (failed.kind, site.time.waits) == (ErrorKind.AUTH, [])


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (wire.error(400, "temperature must be below 2"), ErrorKind.BAD_REQUEST),
        (wire.error(400, "content_filter", "content_filter"), ErrorKind.CONTENT_FILTER),
        (wire.error(400, "maximum context length"), ErrorKind.CONTEXT_TOO_LONG),
    ],
    ids=["bad_request", "content_filter", "context_too_long"],
)
async def test_what_every_route_would_refuse_is_asked_once(
    site: Site, refusal: bytes, kind: ErrorKind
) -> None:
    site.a.script(refusal)
    assert (await site.fail()).kind == kind
    assert site.asked == (1, 0)


REASONED = b'data: {"choices": [{"delta": {"reasoning_content": "hm"}}]}\n\n'
CALLED = (
    b'data: {"choices": [{"delta": {"tool_calls": '
    b'[{"index": 0, "id": "1", "function": {"name": "f", "arguments": ""}}]}}]}\n\n'
)


@pytest.mark.parametrize(
    ("seen", "text"),
    [(wire.chunk("half"), "half"), (REASONED, "hm"), (CALLED, "")],
    ids=["text", "reasoning", "tool_call"],
)
@pytest.mark.parametrize("end", [CUT, RESET, HANG, b'data: {"error": {"code": 503}}\n\n'])
async def test_after_the_first_word_nothing_is_asked_again(
    site: Site, seen: bytes, text: str, end: Step
) -> None:
    site.a.script(EVENT_STREAM, seen, end, CUT)
    failed = await site.fail()
    assert (site.text, site.asked) == (text, (1, 0))
    assert [tried.kind for tried in failed.tried] == [failed.kind]


def test_of_every_event_it_is_decided_whether_a_reader_sees_it() -> None:
    unseen = {event.__name__ for event in get_args(Event)} - {e.__name__ for e in failover.SEEN}
    assert unseen <= {"UsageReported", "Learnt"}


async def test_counts_of_a_route_that_failed_are_not_those_of_the_answer(site: Site) -> None:
    counts = b'data: {"choices": [], "usage": {"total_tokens": 999}}\n\n'
    site.a.script(EVENT_STREAM, counts, CUT)
    site.b.script(*wire.answer("Hi", usage=False))
    assert await site.ask() == "Hi"
    assert not any(isinstance(event, UsageReported) for event in site.events)


async def test_counts_that_come_before_the_words_are_kept(site: Site) -> None:
    counts = b'data: {"choices": [], "usage": {"total_tokens": 7}}\n\n'
    site.a.script(EVENT_STREAM, counts, wire.chunk("Hi"), wire.finish(usage=False), CUT)
    await site.ask()
    assert [type(event) for event in site.events] == [Answered, UsageReported, TextDelta, Finished]


async def test_when_all_fail_the_last_error_says_what_was_tried(site: Site) -> None:
    site.a.script(wire.error(402, "Insufficient Balance"))
    site.b.script(wire.error(401, "no such key"))
    failed = await site.fail()
    told = [(tried.route.split(",")[0], tried.kind, tried.detail) for tried in failed.tried]
    assert told == [
        ("a", ErrorKind.BILLING, "Insufficient Balance"),
        ("b", ErrorKind.AUTH, "no such key"),
    ]
    assert (failed.kind, failed.detail, failed.status) == (ErrorKind.AUTH, "no such key", 401)
    assert isinstance(failed.__cause__, UpstreamError)


async def test_a_provider_without_routes_is_told_as_such(site: Site) -> None:
    with pytest.raises(RoutesFailed) as failed:
        await anext(failover.stream_chat([], REQUEST))
    assert (failed.value.kind, failed.value.tried) == (ErrorKind.NOT_FOUND, ())


async def test_a_key_is_in_nothing_that_is_told(site: Site) -> None:
    key = "plain-looking-secret-0123"
    site.a.script(wire.error(401, f"Incorrect API key: {key}"))
    await site.fail(site.route(site.a, key), NOWHERE)
    site.b.script(wire.error(429, f"{key} is limited"))
    await site.ask(site.route(site.b, key))
    assert key not in repr(site.events)
    assert "…0123" in repr(site.events)


async def test_stopping_while_it_waits_ends_at_once_and_frees_the_probe(site: Site) -> None:
    site.a.script(limited("retry-after: 20\r\n"))
    route = site.route(site.a)
    events = failover.stream_chat([route], REQUEST, FIXED, health=site.health)

    async def read() -> None:
        async with aclosing(events):
            async for event in events:
                site.events.append(event)

    task = asyncio.create_task(read())
    while not site.events:
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait_for(asyncio.wait([task]), 0.5)
    assert (task.cancelled(), site.asked) == (True, (1, 0))
    assert not site.health.condition(route).is_probed


async def test_stopping_while_a_route_is_silent_reaches_it_and_no_other(site: Site) -> None:
    site.a.script(HANG)
    patient = Endpoint(site.a.base_url, limits=TimeLimits())
    task = asyncio.create_task(site.ask(patient, site.route(site.b)))
    while not site.a.journal:
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait_for(site.a.journal[0].done.wait(), 0.5)
    assert (site.a.journal[0].disconnected, site.asked) == (True, (1, 0))
    assert not site.health.condition(patient).is_probed


async def test_leaving_early_closes_the_connection(site: Site) -> None:
    site.a.script(EVENT_STREAM, wire.chunk("half"), HANG)
    async with aclosing(failover.stream_chat([site.route(site.a)], REQUEST)) as events:
        await anext(events)
    await asyncio.wait_for(site.a.journal[0].done.wait(), 0.5)
    assert site.a.journal[0].disconnected


async def test_the_faster_route_is_found_and_kept(site: Site) -> None:
    site.health = Health()
    for _ in range(5):
        site.a.script(0.3, *wire.answer("slow"))
        site.b.script(*wire.answer("fast"))
    told = [await site.ask(policy=Policy(Order.FASTEST)) for _ in range(5)]
    assert told == ["slow", "fast", "fast", "fast", "fast"]


async def test_a_route_that_failed_is_spared_until_it_has_cooled_down(site: Site) -> None:
    site.a.script(wire.error(500, "broken"))
    for pause in (0, 1, 5):
        site.time.now += pause
        await site.ask()
    assert site.asked == (2, 2)
    assert site.rerouted == []


async def test_one_request_tries_a_recovering_route_while_others_go_elsewhere(site: Site) -> None:
    site.a.script(wire.error(500, "broken"))
    await site.ask()
    site.time.now += 5
    site.a.script(0.05, *wire.answer("well again"))
    others = [Site(site.a, site.b, site.time) for _ in range(4)]
    for other in others:
        other.health = site.health
    told = await asyncio.gather(*(other.ask() for other in others))
    assert told == ["well again", *["Hello world"] * 3]


async def test_a_failure_in_the_middle_of_an_answer_cools_its_route_down(site: Site) -> None:
    site.a.script(EVENT_STREAM, wire.chunk("half"), CUT)
    await site.fail()
    assert await site.ask() == "Hello world"
    assert site.asked == (1, 1)


async def test_a_chat_can_be_had_whole_over_its_routes(site: Site) -> None:
    body = b'{"choices": [{"message": {"content": "whole"}, "finish_reason": "stop"}]}'
    site.a.script(LIMITED)
    site.b.script(wire.response(200, "application/json", body))
    reply = await failover.complete_chat(
        [site.route(site.a), site.route(site.b)], REQUEST, FIXED, health=site.health
    )
    assert (reply.answer.text, reply.route[:1]) == ("whole", "b")
    assert [event.kind for event in reply.rerouted] == [ErrorKind.RATE_LIMIT]


async def test_any_function_of_a_service_goes_over_its_routes(site: Site) -> None:
    site.a.script(wire.error(500, "broken"))
    site.b.script(wire.models("one"))
    reply = await failover.ask(
        [site.route(site.a), site.route(site.b)], client.list_models, FIXED, health=site.health
    )
    assert [model.id for model in reply.answer] == ["one"]
    assert site.health.condition(site.route(site.b)).latency_s is None


async def test_a_model_that_one_host_lacks_moves_no_other_model(site: Site) -> None:
    site.a.script(wire.error(404, "model not found", "model_not_found"))
    await site.ask()
    other = replace(REQUEST, model="another")
    routes = [site.route(site.a), site.route(site.b)]
    async with aclosing(failover.stream_chat(routes, other, FIXED, health=site.health)) as events:
        [answered] = [event async for event in events if isinstance(event, Answered)]
    assert (answered.route[:1], site.asked) == ("a", (2, 1))
