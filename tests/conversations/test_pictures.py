"""Images that come with an answer: kept with it, shown at its end, and sent to no service."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from chatsite.models import User
from conversations.generation import checkpoints, hub, live, store
from conversations.generation.run import Run
from conversations.models import Conversation, Message, Picture
from conversations.models.generation import State
from conversations.pictures import inline_pictures
from conversations.search.finding import Wanted, find
from conversations.search.query import parse
from conversations.sending import send
from conversations.terminal import say_pictures
from providers import client
from providers.fakeupstream.behaviours import IMAGE
from providers.fakeupstream.responses import delta, image
from providers.models import Model
from tests import people
from tests import upstream as wire
from tests.chats import a_conversation, a_model, a_question, add_turn, asked
from tests.upstream import CUT, EVENT_STREAM, HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)

PNG = b"\x89PNG\r\n\x1a\n a small one"
SVG = "data:image/svg+xml;base64,PHN2Zy8+"
ELSEWHERE = "https://pictures.example/a.png?size=<b>"


def data_url(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await hub.shutdown()
        await client.close()


def told(*urls: str) -> list[bytes | str]:
    return [EVENT_STREAM, wire.chunk("Look:"), *map(image, urls), wire.finish(), CUT]


async def answered(upstream: Upstream, *steps: Any) -> Run:
    """Olivia's question, once its answer has ended."""

    def ask() -> Run:
        sent = asked(people.olivia(), a_model(upstream.base_url))
        assert sent.order is not None
        return Run(sent.order)

    upstream.script(*steps)
    run = await hub.start((await sync_to_async(ask)()).order)
    await run.wait()
    return run


async def page_of(run: Run) -> str:
    """The conversation as it is after a reload."""

    def load() -> str:
        client = Client()
        client.force_login(User.objects.get(username="olivia"))
        return client.get(_address(run)).content.decode()

    return await sync_to_async(load)()


def _address(run: Run) -> str:
    return f"/c/{run.order.answer.conversation_id}/"


async def test_an_image_is_shown_where_the_answer_is(upstream: Upstream) -> None:
    run = await answered(upstream, *told(data_url(PNG)))
    page = await page_of(run)
    assert f'<img src="/m/{run.order.answer_id}/images/0/"' in page
    assert 'alt="Image 1 of the answer"' in page


@pytest.mark.parametrize(("url", "hits"), [(data_url(PNG), 1), (SVG, 0)])
async def test_an_answer_that_shows_an_image_can_be_searched_for(
    upstream: Upstream, url: str, hits: int
) -> None:
    await answered(upstream, EVENT_STREAM, image(url), wire.finish(), CUT)
    olivia = await User.objects.aget(username="olivia")
    wanted = Wanted(parse(""), has_image=True)
    assert len((await sync_to_async(find)(olivia, wanted)).hits) == hits


async def test_an_image_alone_is_an_answer(upstream: Upstream) -> None:
    run = await answered(upstream, EVENT_STREAM, image(data_url(PNG)), wire.finish(), CUT)
    page = await page_of(run)
    assert "The model ended without an answer." not in page
    assert "<img" in page


async def test_a_whole_answer_may_have_images_too(upstream: Upstream) -> None:
    body = delta(content="Look:", images=[{"image_url": {"url": data_url(PNG)}}])
    whole = body.removeprefix(b"data: ").replace(b'"delta"', b'"message"').strip()
    run = await answered(upstream, wire.response(200, "application/json", whole))
    assert "<img" in await page_of(run)


async def test_an_image_that_lies_elsewhere_is_a_link_and_is_not_loaded(
    upstream: Upstream,
) -> None:
    page = await page_of(await answered(upstream, *told(ELSEWHERE)))
    assert "<img" not in page
    assert 'href="https://pictures.example/a.png?size=&lt;b&gt;"' in page
    assert "Image 1, on pictures.example" in page


async def test_an_image_that_is_left_out_is_told_in_a_sentence(upstream: Upstream) -> None:
    page = await page_of(await answered(upstream, *told(SVG)))
    assert "An image is left out: it is not in PNG, JPEG, WebP or GIF." in page


async def test_what_is_sent_again_and_again_is_shown_once(upstream: Upstream) -> None:
    run = await answered(upstream, *told(data_url(PNG), data_url(PNG)))
    assert await run.order.answer.pictures.acount() == 1


async def test_of_too_many_images_the_rest_is_left_out(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (live, store):
        monkeypatch.setattr(module, "MOST_PICTURES", 2)
    run = await answered(upstream, *told(*(data_url(PNG + bytes([n])) for n in range(5))))
    assert (await page_of(run)).count("<img") == 2
    assert await Picture.objects.acount() == 3


async def test_an_image_is_kept_before_the_answer_ends(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, image(data_url(PNG)), HANG)
    run = await _begun(upstream.base_url)
    await asyncio.sleep(2 * checkpoints.EVERY_S)
    run.live.unsaved = True
    await asyncio.sleep(2 * checkpoints.EVERY_S)
    assert await Picture.objects.acount() == 1


async def test_an_answer_that_is_stopped_keeps_its_image(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, image(data_url(PNG)), HANG)
    run = await _begun(upstream.base_url)
    await hub.stop(run.order.answer_id)
    assert "<img" in await page_of(run)


async def test_the_next_turn_sends_text_alone(upstream: Upstream) -> None:
    run = await answered(upstream, *told(data_url(PNG)))
    await (await hub.start(await sync_to_async(_asked_again)(run))).wait()
    messages = upstream.journal[-1].body["messages"]
    assert [m["content"] for m in messages[:-1]] == ["Why is the sky blue?", "Look:"]


async def _begun(base_url: str) -> Run:
    """Olivia's question to the scripted service, once an image has come."""

    def ask() -> Any:
        return asked(people.olivia(), a_model(base_url)).order

    run = await hub.start(await sync_to_async(ask)())
    while not run.live.pictures:
        await asyncio.sleep(0.01)
    return run


def _asked_again(run: Run) -> Any:
    conversation = Conversation.objects.get(pk=run.order.answer.conversation_id)
    question = a_question(Model.objects.get(), "And now?")
    return send(User.objects.get(username="olivia"), question, conversation).order


@pytest.fixture
def answer(olivia: User) -> Message:
    conversation = a_conversation(olivia)
    message = add_turn(conversation, "q", "a", State.COMPLETE)
    conversation.show(message, None)
    Picture.objects.create(message=message, number=0, data=PNG, media_type="image/png")
    Picture.objects.create(message=message, number=1, url=ELSEWHERE)
    return message


def test_an_image_has_an_address_where_it_can_do_nothing(
    as_olivia: Client, answer: Message
) -> None:
    response = as_olivia.get(f"/m/{answer.pk}/images/0/")
    assert (response.content, response["Content-Type"]) == (PNG, "image/png")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize("number", [1, 2, 10**30])
def test_what_is_no_image_of_this_site_is_nowhere(
    as_olivia: Client, answer: Message, number: int
) -> None:
    assert as_olivia.get(f"/m/{answer.pk}/images/{number}/").status_code == 404


def test_an_image_goes_with_its_conversation(answer: Message) -> None:
    answer.conversation.delete()
    assert not Picture.objects.exists()


async def test_in_a_terminal_images_are_told_of(upstream: Upstream) -> None:
    run = await answered(upstream, *told(data_url(PNG)))
    assert say_pictures(run) == "1 image came with the answer. The page of the chat shows it."
    assert say_pictures(Run(run.order)) == ""


def test_one_that_is_stored_nowhere_is_its_own_address() -> None:
    [shown] = inline_pictures([IMAGE])
    assert (shown.src, shown.is_inline) == (IMAGE, True)


@pytest.mark.parametrize("url", ["data:image/svg+xml;base64,PHN2Zz4=", "javascript:alert(1)"])
def test_what_is_no_image_is_no_address_either(url: str) -> None:
    [shown] = inline_pictures([url])
    assert (shown.src, shown.url) == ("", "")
    assert "An image is left out" in str(shown.words)


def test_of_too_many_the_rest_is_told_and_not_shown() -> None:
    shown = inline_pictures([IMAGE] * 17)
    assert [bool(each.src) for each in shown] == [True] * 16 + [False]
