"""The functions of a service: a chat as it comes, a chat whole, the list of its models."""

from collections.abc import AsyncGenerator

from providers.answer_body import reading
from providers.completion import collect
from providers.dialect import ChatDecoder
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.events import Completion, Event, Learnt, ModelInfo
from providers.exchange import Exchange
from providers.failure import broken
from providers.lessons import Lessons
from providers.listing import ENDLESS, MOST_MODELS, read_page
from providers.messages import ChatRequest
from providers.presets import preset_for
from providers.transport import close
from providers.weight import MOST_WHOLE_BYTES

__all__ = ["close", "complete_chat", "list_models", "stream_chat"]

CHAT = "chat/completions"
MOST_PAGES = 100


async def stream_chat(endpoint: Endpoint, request: ChatRequest) -> AsyncGenerator[Event, None]:
    """The answer as it comes; `Finished` is its last event.

    What the service had to refuse first comes before it, as `Learnt`. UpstreamError comes after
    what came. Cancelling the task that waits here closes the connection at once; leave the loop
    early only inside `contextlib.aclosing`.
    """
    lessons = _lessons(endpoint, request, stream=True)
    async with Exchange(endpoint) as exchange:
        decoder, events = await _ask(exchange, endpoint, lessons)
        if decoder.error is None:
            for adaptation in lessons.confirm():
                yield Learnt(adaptation)
        while events:
            for event in events:
                yield event
            events = await _more(exchange, decoder)
        if decoder.error:
            raise decoder.error
        await exchange.drain()


async def complete_chat(endpoint: Endpoint, request: ChatRequest) -> Completion:
    """The answer whole; UpstreamError if it did not come whole."""
    lessons = _lessons(endpoint, request, stream=False)
    async with Exchange(endpoint) as exchange:
        while True:
            await exchange.post(CHAT, lessons.body)
            decoder = ChatDecoder(exchange.status, exchange.headers, endpoint.key)
            events = decoder.feed(await exchange.rest())
            events += await reading(decoder.close, decoder.size)
            if decoder.error is None:
                return collect([*map(Learnt, lessons.confirm()), *events])
            if events or not lessons.learn(decoder.error, decoder.kept):
                raise decoder.error


async def list_models(endpoint: Endpoint) -> list[ModelInfo]:
    """As the service orders them, each id once, from all the pages of its list."""
    preset = preset_for(endpoint.base_url) if endpoint.key else None
    headers = preset.headers_for_list(endpoint.key) if preset else {}
    found: dict[str, ModelInfo] = {}
    path, left = "models", MOST_WHOLE_BYTES
    async with Exchange(endpoint) as exchange:
        for _page in range(MOST_PAGES):
            await exchange.get(path, headers=headers)
            body = await exchange.rest(left)
            left -= len(body)
            told = exchange.status, exchange.headers, body, endpoint.key
            page = await reading(read_page, len(body), *told)
            more = {info.id: info for info in page.models if info.id not in found}
            found |= more
            if len(found) > MOST_MODELS:
                break
            path = page.next
            # A service that begins again each time has told all it has.
            if not path or not more:
                return list(found.values())
        raise broken(ENDLESS, exchange.status)


def _lessons(endpoint: Endpoint, request: ChatRequest, *, stream: bool) -> Lessons:
    place = (endpoint.base_url, request.model)
    return Lessons(place, request.to_wire(stream=stream), request.known)


async def _ask(
    exchange: Exchange, endpoint: Endpoint, lessons: Lessons
) -> tuple[ChatDecoder, list[Event]]:
    """The first events of the answer, or of the refusal that nothing can be learnt from."""
    while True:
        await exchange.post(CHAT, lessons.body)
        decoder = ChatDecoder(exchange.status, exchange.headers, endpoint.key)
        events = await _more(exchange, decoder)
        if events or not decoder.error or not lessons.learn(decoder.error, decoder.kept):
            return decoder, events


async def _more(exchange: Exchange, decoder: ChatDecoder) -> list[Event]:
    """The next events of the answer, none after its last."""
    while not decoder.is_done:
        try:
            data = await exchange.read()
        except UpstreamError as error:
            return decoder.close(error)
        if data is None:
            break
        if events := decoder.feed(data):
            return events
    return await reading(decoder.close, decoder.size)
