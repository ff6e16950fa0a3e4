"""What it costs to understand a stream: our decoder beside the official client and httpx-sse.

All get the same bytes from memory, in the same pieces. The official client also builds objects,
and httpx-sse with `json` does less than either: it knows nothing of what the JSON says.
"""

import gc
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx
import httpx2
import httpx_sse
import openai
import psutil

from providers.dialect import ChatDecoder
from tests.bench.dialects import DIALECTS, DONE, dense_events
from tests.bench.figures import Figure, median

CHUNKS = 10_000
READ = 64 * 1024
MEGABYTE = 1_000_000
# Of how much, in which reads. Byte by byte everything takes a thousand times as long.
LONG = ((100 * MEGABYTE, READ), (4 * MEGABYTE, 1))
EVENT_STREAM = {"content-type": "text/event-stream"}

Decoder = Callable[[Sequence[bytes]], int]


def figures(reps: int) -> list[Figure]:
    beside = [figure for dialect in DIALECTS for figure in _beside_others(dialect, reps)]
    return beside + [figure for size, read in LONG for figure in _at_length(size, read, reps)]


def _beside_others(dialect: str, reps: int) -> Iterator[Figure]:
    events = list(DIALECTS[dialect](CHUNKS))
    body = b"".join(events)
    in_reads = [body[at : at + READ] for at in range(0, len(body), READ)]
    for name, pieces in (("chunk by chunk", events), ("64 KB reads", in_reads)):
        ours, official, plain = _in_turns(pieces, reps)
        what = f"decoding, {dialect}, {name}"
        unit = f"ms/{CHUNKS:,} chunks"
        yield Figure(what, unit, (ours, official), most_ratio=0.5, other="openai")
        yield Figure(what, unit, (ours, plain), other="httpx-sse")


def _in_turns(pieces: Sequence[bytes], reps: int) -> Iterator[float]:
    """Milliseconds of CPU of each; one after the other, so that a busy moment hits all."""
    decoders: tuple[Decoder, ...] = (_ours, _official, _plain)
    rounds = [[_cpu_ms(decode, pieces) for decode in decoders] for _ in range(reps)]
    return map(median, zip(*rounds, strict=True))


def _cpu_ms(decode: Decoder, pieces: Sequence[bytes]) -> float:
    gc.collect()
    began = time.process_time()
    seen = decode(pieces)
    spent = time.process_time() - began
    if seen < CHUNKS:
        raise RuntimeError(f"{decode.__name__} saw {seen} chunks of {CHUNKS}")
    return spent * 1000


def _ours(pieces: Sequence[bytes]) -> int:
    decoder = ChatDecoder()
    return sum(len(decoder.feed(piece)) for piece in pieces) + len(decoder.close())


def _official(pieces: Sequence[bytes]) -> int:
    def respond(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=EVENT_STREAM, content=iter(pieces))

    transport = httpx2.MockTransport(respond)
    client = openai.OpenAI(
        api_key="none", base_url="http://test/v1", http_client=httpx2.Client(transport=transport)
    )
    asked = client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "hi"}], stream=True
    )
    return sum(1 for _ in asked)


def _plain(pieces: Sequence[bytes]) -> int:
    response = httpx.Response(200, headers=EVENT_STREAM, content=iter(pieces))
    events = httpx_sse.EventSource(response).iter_sse()
    return sum(1 for event in events if event.data == "[DONE]" or event.json())


@dataclass(frozen=True, slots=True)
class _Run:
    ns_per_byte: float
    grown_mb: float


def _at_length(size: int, read: int, reps: int) -> Iterator[Figure]:
    """A stream beside one of half its length: the same for each byte, and no memory kept."""
    runs = [(_decode(size, read), _decode(size // 2, read)) for _ in range(reps)]
    whole, half = (median(run.ns_per_byte for run in each) for each in zip(*runs, strict=True))
    name = f"decoding {size // MEGABYTE} MB, {'64 KB reads' if read > 1 else 'byte by byte'}"
    yield Figure(name, "ns/byte", (whole, half), most_ratio=1.2, other="half as long")
    grown = max(run.grown_mb for run, _ in runs)
    yield Figure(f"{name}, memory grown", "MB", (grown,), most=5)


def _decode(size: int, read: int) -> _Run:
    decoder, process = ChatDecoder(), psutil.Process()
    gc.collect()
    most = before = process.memory_info().rss
    spent = done = 0.0
    for block in _blocks(size):
        began = time.process_time()
        for at in range(0, len(block), read):
            decoder.feed(block[at : at + read])
        spent += time.process_time() - began
        done += len(block)
        most = max(most, process.memory_info().rss)
    decoder.feed(DONE)
    decoder.close()
    if decoder.error:
        raise RuntimeError(f"after {done:,.0f} bytes: {decoder.error}")
    return _Run(spent / done * 1e9, (most - before) / 1e6)


def _blocks(size: int) -> Iterator[bytes]:
    """The same events again and again, in two parts that are cut in the midst of one."""
    events = b"".join(dense_events(CHUNKS)).removesuffix(DONE)
    around = itertools.cycle([events[: len(events) // 3], events[len(events) // 3 :]])
    sent = 0
    while sent < size:
        block = next(around)
        sent += len(block)
        yield block
