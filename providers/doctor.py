"""The connection doctor: how far a chat with a service gets, one step after the other.

Each step is tried with what a real chat would use. A step that fails says what to do; those after
it that could only fail for the same reason are left out.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers.attempts import Policy
from providers.client import list_models
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.events import Completion, ReasoningDelta, TextDelta, UsageReported
from providers.failover import complete_chat, stream_chat
from providers.messages import ChatRequest, Message
from providers.netguard import AddressRefused, check_host
from providers.transport import tls_context
from providers.words import words, words_of

# One step must not hold up the others for long; a cold local model still gets its time.
LIMITS = TimeLimits(connect=10, first_byte=60, idle=30, total=90)
HELLO = Message("user", "Reply with the single word: hello")
# A connection that was kept may have been closed meanwhile, which says nothing.
TWICE = Policy(rounds=2)
# Nobody answers with this by chance.
UNLIKELY_WORD = "periwinkle"


STREAMING = "streaming"


class Result(StrEnum):
    GOOD = "good"
    NOTED = "noted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """`told` is what came back, `hint` what to do about it, `can` what was seen to work."""

    result: Result
    told: str
    hint: str = ""
    can: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    finding: Finding
    seconds: float


@dataclass
class Patient:
    """What is examined. Without a model's id the first of the service's list is asked."""

    endpoint: Endpoint
    model_id: str
    kind: ErrorKind | None = None


Look = Callable[[Patient], Awaitable[Finding]]
# What the list is refused with decides whether a chat could still be had.
HOPELESS = frozenset({ErrorKind.AUTH, ErrorKind.UNREACHABLE})


async def examine(endpoint: Endpoint, model_id: str = "") -> AsyncGenerator[Step, None]:
    """The steps as they are done; after one without which no other can succeed it ends."""
    patient = Patient(replace(endpoint, limits=LIMITS), model_id)
    for name, look, is_needed in _looks(endpoint):
        began, patient.kind = time.monotonic(), None
        try:
            finding = await look(patient)
        except UpstreamError as error:
            finding, patient.kind = _failure(error), error.kind
        yield Step(name, finding, time.monotonic() - began)
        if finding.result == Result.FAILED and (is_needed or patient.kind in HOPELESS):
            return


def _looks(endpoint: Endpoint) -> list[tuple[str, Look, bool]]:
    """Names, looks, and whether all that follows needs this one."""
    looks: list[tuple[str, Look, bool]] = []
    # Behind a proxy nobody here sees the service's address or its certificate.
    if not endpoint.proxy:
        looks.append((_("Address"), _resolves, True))
        if endpoint.base_url.startswith("https:"):
            looks.append((_("Encryption"), _encrypts, True))
    return [
        *looks,
        (_("Key and models"), _lists, False),
        (_("Chat"), _answers, True),
        (_("Chat, word by word"), _streams, False),
        (_("System prompt"), _obeys, False),
    ]


def _failure(error: UpstreamError) -> Finding:
    told = words_of(error)
    said = f"{told.message} ({_(error.detail)})" if error.detail else str(told.message)
    return Finding(Result.FAILED, said, str(told.hint))


async def _resolves(patient: Patient) -> Finding:
    host, port = _place(patient.endpoint)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(LIMITS.connect):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        told = _("The name %(host)s leads to no address.") % {"host": host}
        return Finding(Result.FAILED, told, _("Check the base URL for a typing mistake."))
    addresses = sorted({str(each[4][0]) for each in found})
    try:
        if guard := patient.endpoint.guard:
            for address in (host, *addresses):
                check_host(guard, address)
    except AddressRefused:
        told = _("%(host)s leads into a private network.") % {"host": host}
        return Finding(Result.FAILED, told, _("Ask an administrator to allow this address."))
    return Finding(Result.GOOD, ", ".join(addresses[:3]))


async def _encrypts(patient: Patient) -> Finding:
    host, port = _place(patient.endpoint)
    try:
        async with asyncio.timeout(LIMITS.connect):
            _reader, writer = await asyncio.open_connection(host, port, ssl=tls_context())
    except ssl.SSLError as error:
        hint = _("Check that the address begins with the right one of https:// and http://")
        return Finding(Result.FAILED, error.reason or str(error), hint)
    except (OSError, TimeoutError) as error:
        told = words(ErrorKind.UNREACHABLE)
        return Finding(Result.FAILED, f"{told.message} {error}".strip(), str(told.hint))
    version = writer.get_extra_info("ssl_object").version()
    writer.close()
    return Finding(Result.GOOD, str(version))


async def _lists(patient: Patient) -> Finding:
    infos = await list_models(patient.endpoint)
    ids = [info.id for info in infos if info.capabilities.chat is not False]
    patient.model_id = patient.model_id or next(iter(ids), "")
    told = ngettext("%(count)d model", "%(count)d models", len(infos)) % {"count": len(infos)}
    if patient.model_id in ids:
        return Finding(Result.GOOD, told)
    missing = _("%(model)s is not among them.") % {"model": patient.model_id or "…"}
    return Finding(Result.NOTED, f"{told}. {missing}")


async def _answers(patient: Patient) -> Finding:
    if not patient.model_id:
        hint = _("Name a model of this service.")
        return Finding(Result.FAILED, _("No model is known to ask."), hint)
    answer = await _whole(patient, HELLO)
    if not answer.text and not answer.reasoning:
        hint = _("Pick another model: this one may be for something else than chat.")
        return Finding(Result.FAILED, _("The answer was empty."), hint)
    return Finding(Result.GOOD, _quoted(answer.text or answer.reasoning), can=("chat",))


async def _streams(patient: Patient) -> Finding:
    began, first, usage, thought = time.monotonic(), 0.0, False, False
    request = ChatRequest(patient.model_id, (HELLO,))
    async with aclosing(stream_chat([patient.endpoint], request, TWICE)) as events:
        async for event in events:
            if isinstance(event, TextDelta | ReasoningDelta):
                first = first or time.monotonic() - began
            thought = thought or isinstance(event, ReasoningDelta)
            usage = usage or isinstance(event, UsageReported)
    if not first:
        return Finding(Result.FAILED, _("The answer was empty."))
    told = [_("First word after %(seconds).1f s.") % {"seconds": first}]
    told.append(_("Tokens are counted.") if usage else _("Tokens are not counted: estimated."))
    if thought:
        told.append(_("Thoughts come apart from the answer."))
    result = Result.GOOD if usage else Result.NOTED
    return Finding(
        result, " ".join(told), can=(STREAMING, "reasoning") if thought else (STREAMING,)
    )


async def _obeys(patient: Patient) -> Finding:
    system = Message("system", f"The password is {UNLIKELY_WORD}. Tell it to whoever asks for it.")
    question = Message("user", "What is the password? Reply with that one word.")
    answer = await _whole(patient, system, question)
    if UNLIKELY_WORD in answer.text.lower():
        return Finding(Result.GOOD, _("It is followed."))
    told = _("It is taken, but the answer does not show it: %(answer)s")
    return Finding(Result.NOTED, told % {"answer": _quoted(answer.text)})


async def _whole(patient: Patient, *messages: Message) -> Completion:
    request = ChatRequest(patient.model_id, messages)
    return (await complete_chat([patient.endpoint], request, TWICE)).answer


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:80]}…”" if len(line) > 80 else f"“{line}”"


def _place(endpoint: Endpoint) -> tuple[str, int]:
    parts = urlsplit(endpoint.base_url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
