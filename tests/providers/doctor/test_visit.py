"""What the doctor asks of a service, and what it says of the answers."""

import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from providers.client import close
from providers.doctor import Finding, Result, Step, examine, visit
from providers.doctor.image import yellow_png
from providers.endpoint import Endpoint, Guard
from providers.fakeupstream.responses import delta
from providers.media_types import media_type_of
from tests.upstream import (
    CUT,
    EVENT_STREAM,
    HANG,
    Script,
    Upstream,
    answer,
    error,
    finish,
    models,
    response,
)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await close()


def as_json(value: object) -> bytes:
    return response(200, "application/json", json.dumps(value).encode())


def whole(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    return as_json({"choices": [{"message": message, "finish_reason": "stop"}]})


VECTOR = as_json({"data": [{"embedding": [0.1, 0.2, 0.3]}]})


async def visited(upstream: Upstream, **changed: bytes | Script) -> dict[str, Step]:
    """The steps by their names, at a service where all is well but for what is `changed`."""
    scripts: dict[str, bytes | Script] = {
        "list": models("one", "bge-m3"),
        "chat": whole("Hello"),
        "stream": answer("Hello"),
        "system": whole("Periwinkle."),
        "image": whole("Yellow."),
        "embeddings": VECTOR,
    }
    for script in (scripts | changed).values():
        upstream.script(*([script] if isinstance(script, bytes) else script))
    return {step.name: step async for step in examine(Endpoint(upstream.base_url))}


async def found(upstream: Upstream, name: str, **changed: bytes | Script) -> Finding:
    return (await visited(upstream, **changed))[name].finding


async def test_each_step_is_told_with_its_time(upstream: Upstream) -> None:
    steps = await visited(upstream)
    assert list(steps) == [
        "Address",
        "Key and models",
        "Chat",
        "Chat, word by word",
        "Token counts",
        "Thoughts",
        "System prompt",
        "Image input",
        "Embeddings",
    ]
    assert all(step.seconds >= 0 and step.finding.told for step in steps.values())


async def test_the_image_that_is_sent_is_one_and_all_yellow(upstream: Upstream) -> None:
    await visited(upstream)
    image, question = upstream.journal[4].body["messages"][0]["content"]
    sent = image["image_url"]["url"].removeprefix("data:image/png;base64,")
    assert base64.b64decode(sent) == yellow_png()
    assert media_type_of(yellow_png()) == "image/png"
    assert question["type"] == "text"


async def test_a_model_that_tells_the_colour_sees(upstream: Upstream) -> None:
    seen = await found(upstream, "Image input")
    assert (seen.result, seen.can) == (Result.GOOD, ("image_input",))


@pytest.mark.parametrize(
    "refusal",
    [
        error(400, "unknown variant image_url, expected text"),
        error(404, "No endpoints found that support image input"),
        error(500, "image input is not supported - hint: provide the mmproj"),
    ],
)
async def test_a_model_that_takes_no_images_is_noted_and_not_failed(
    upstream: Upstream, refusal: bytes
) -> None:
    # A service's own failure is tried twice.
    steps = await visited(upstream, image=refusal, embeddings=refusal)
    seen = steps["Image input"].finding
    assert (seen.result, seen.cannot) == (Result.NOTED, ("image_input",))
    assert seen.hint == "To send images, pick another model."


async def test_an_answer_of_another_colour_proves_nothing(upstream: Upstream) -> None:
    seen = await found(upstream, "Image input", image=whole("I see a cat."))
    assert (seen.result, seen.can, seen.cannot) == (Result.NOTED, (), ())


async def test_a_full_account_at_the_image_is_a_failure(upstream: Upstream) -> None:
    seen = await found(upstream, "Image input", image=error(402, "no credit"))
    assert (seen.result, seen.cannot) == (Result.FAILED, ())


async def test_embeddings_are_asked_of_a_model_for_them(upstream: Upstream) -> None:
    seen = await found(upstream, "Embeddings")
    assert upstream.journal[-1].body["model"] == "bge-m3"
    assert (seen.told, seen.of) == ("bge-m3: a vector of 3 numbers.", "bge-m3")


async def test_a_model_that_the_list_calls_one_for_embeddings_goes_first(
    upstream: Upstream,
) -> None:
    entries = [{"id": "one"}, {"id": "bge-m3"}, {"id": "odd", "type": "embedding"}]
    await visited(upstream, list=as_json({"data": entries}))
    assert upstream.journal[-1].body["model"] == "odd"


async def test_a_service_without_such_a_model_is_noted(upstream: Upstream) -> None:
    seen = await found(upstream, "Embeddings", list=models("one"))
    assert (seen.result, seen.told) == (Result.NOTED, "The list names no model for embeddings.")


async def test_embeddings_that_fail_name_the_model_and_say_what_to_do(upstream: Upstream) -> None:
    seen = await found(upstream, "Embeddings", embeddings=error(403, "not for you"))
    assert seen.result == Result.FAILED
    assert seen.told.startswith("bge-m3: ")
    assert seen.hint


async def test_a_model_for_embeddings_alone_is_asked_for_them(upstream: Upstream) -> None:
    upstream.script(models("bge-m3"))
    upstream.script(error(400, "this is no chat model"))
    upstream.script(VECTOR)
    steps = [step async for step in examine(Endpoint(upstream.base_url), "bge-m3")]
    assert [step.name for step in steps[2:]] == ["Chat", "Embeddings"]
    assert (steps[-1].finding.can, steps[-1].finding.of) == (("embeddings",), "")


async def test_thoughts_that_come_apart_are_told(upstream: Upstream) -> None:
    thinking: Script = [
        EVENT_STREAM,
        delta(reasoning_content="hm"),
        delta(content="x"),
        finish(),
        CUT,
    ]
    assert (await found(upstream, "Thoughts", stream=thinking)).can == ("reasoning",)


async def test_a_step_ends_in_its_time(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "STEP_S", 0.3)
    steps = await visited(upstream, chat=[HANG])
    assert steps["Chat"].finding.result == Result.FAILED
    assert steps["Chat"].finding.hint


async def test_a_visit_ends_in_its_time(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "VISIT_S", 0.5)
    began = time.monotonic()
    steps = await visited(upstream, chat=[HANG])
    assert time.monotonic() - began < 3
    assert list(steps)[-1] == "Chat"


async def test_an_address_that_is_not_allowed_is_asked_for_nothing(upstream: Upstream) -> None:
    endpoint = Endpoint(upstream.base_url, guard=Guard())
    steps = [step async for step in examine(endpoint)]
    assert [(step.name, step.finding.result) for step in steps] == [("Address", Result.FAILED)]
    assert upstream.connections == 0


@pytest.mark.parametrize("status", [401, 403])
async def test_a_list_that_is_kept_from_a_key_ends_no_visit_if_the_chat_works(
    upstream: Upstream, status: int
) -> None:
    for script in (error(status, "not with this key"), whole("Hello")):
        upstream.script(script)
    steps = [step async for step in examine(Endpoint(upstream.base_url, "sk-x"), "one")]
    told = {step.name: step.finding.result for step in steps}
    assert (told["Key and models"], told["Chat"]) == (Result.NOTED, Result.GOOD)
    assert told["Chat, word by word"] == Result.GOOD


async def test_a_key_that_is_bad_for_the_chat_too_ends_the_visit(upstream: Upstream) -> None:
    for _ in range(2):
        upstream.script(error(401, "bad key"))
    steps = [step async for step in examine(Endpoint(upstream.base_url, "sk-x"), "one")]
    assert [step.name for step in steps] == ["Address", "Key and models", "Chat"]
    assert steps[-1].finding.result == Result.FAILED


async def test_without_a_list_and_a_model_the_key_is_what_failed(upstream: Upstream) -> None:
    upstream.script(error(401, "bad key"))
    steps = [step async for step in examine(Endpoint(upstream.base_url, "sk-x"))]
    assert steps[-1].name == "Key and models"
    assert steps[-1].finding.result == Result.FAILED


async def test_a_name_that_is_listed_may_lead_anywhere(upstream: Upstream) -> None:
    base_url = upstream.base_url.replace("127.0.0.1", "localhost")
    endpoint = Endpoint(base_url, guard=Guard(hosts=frozenset({"localhost"})))
    async with aclosing(examine(endpoint)) as steps:
        address = await anext(steps)
    assert address.finding.result == Result.GOOD
