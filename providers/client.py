"""The functions of a service: a chat as it comes, a chat whole, the list of its models."""

from collections.abc import AsyncGenerator

from providers.completion import collect
from providers.dialect import ChatDecoder
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.events import Completion, Event, ModelInfo
from providers.exchange import Exchange
from providers.listing import read_models
from providers.messages import ChatRequest
from providers.text import clean
from providers.transport import close

__all__ = ["close", "complete_chat", "list_models", "stream_chat"]

CHAT = "chat/completions"
# Services that refuse `stream_options`, learnt from the refusal: (base URL, model).
_without_usage: set[tuple[str, str]] = set()


async def stream_chat(endpoint: Endpoint, request: ChatRequest) -> AsyncGenerator[Event, None]:
    """The answer as it comes; `Finished` is its last event.

    UpstreamError comes after what came. Cancelling the task that waits here closes the connection
    at once; leave the loop early only inside `contextlib.aclosing`.
    """
    async with Exchange(endpoint) as exchange:
        await _ask(exchange, endpoint, request)
        decoder = ChatDecoder(exchange.status, exchange.headers, endpoint.key)
        cut: UpstreamError | None = None
        while not decoder.is_done and cut is None:
            try:
                data = await exchange.read()
            except UpstreamError as error:
                cut = error
                break
            if data is None:
                break
            for event in decoder.feed(data):
                yield event
        for event in decoder.close(cut):
            yield event
        if decoder.error:
            raise decoder.error
        await exchange.drain()


async def complete_chat(endpoint: Endpoint, request: ChatRequest) -> Completion:
    """The answer whole; UpstreamError if it did not come whole."""
    async with Exchange(endpoint) as exchange:
        await exchange.post(CHAT, _body(request, stream=False))
        decoder = ChatDecoder(exchange.status, exchange.headers, endpoint.key)
        events = decoder.feed(await exchange.rest()) + decoder.close()
    if decoder.error:
        raise decoder.error
    return collect(events)


async def list_models(endpoint: Endpoint) -> list[ModelInfo]:
    """As the service orders them, each id once."""
    async with Exchange(endpoint) as exchange:
        await exchange.get("models")
        body = await exchange.rest()
        return read_models(exchange.status, exchange.headers, body, endpoint.key)


async def _ask(exchange: Exchange, endpoint: Endpoint, request: ChatRequest) -> None:
    """Ask for the usage too, and once more without if the service refuses just that."""
    place = (endpoint.base_url, request.model)
    body = _body(request, stream=True)
    if place in _without_usage:
        return await exchange.post(CHAT, body)
    await exchange.post(CHAT, {"stream_options": {"include_usage": True}, **body})
    if exchange.status in (400, 422) and _names_usage(await exchange.peek()):
        _without_usage.add(place)
        await exchange.post(CHAT, body)
    return None


def _names_usage(refusal: bytes) -> bool:
    return b"stream_options" in refusal or b"include_usage" in refusal


def _body(request: ChatRequest, *, stream: bool) -> dict[str, object]:
    """Only what is needed and what the user set: services refuse fields that they do not know."""
    messages = [{"role": m.role, "content": clean(m.content)} for m in request.messages]
    return {**request.params, "model": request.model, "messages": messages, "stream": stream}
