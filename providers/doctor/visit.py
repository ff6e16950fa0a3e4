"""A visit: the steps in their order, each within its time."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers.doctor.chat import answers, counts, lists, obeys, streams, thinks
from providers.doctor.finding import Finding, Result, Step, failure
from providers.doctor.image import sees
from providers.doctor.patient import LIMITS, Patient
from providers.doctor.vectors import embeds
from providers.doctor.way import encrypts, resolves
from providers.endpoint import Endpoint
from providers.errors import ErrorKind, UpstreamError
from providers.ledger import Entry
from providers.words import words

# With a second try of what broke off; and all of them together.
STEP_S = 100.0
VISIT_S = 300.0
# After one of these nothing else can succeed.
HOPELESS = frozenset({ErrorKind.AUTH, ErrorKind.UNREACHABLE})


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One thing to look at, if none of what it `needs` has failed."""

    name: Promise
    at: Callable[[Patient], Awaitable[Finding]]
    needs: tuple["Look", ...] = ()


ADDRESS = Look(gettext_lazy("Address"), resolves)
ENCRYPTION = Look(gettext_lazy("Encryption"), encrypts, (ADDRESS,))
WAY = (ADDRESS, ENCRYPTION)
CHAT = Look(gettext_lazy("Chat"), answers, WAY)
STREAM = Look(gettext_lazy("Chat, word by word"), streams, (*WAY, CHAT))
LOOKS = (
    ADDRESS,
    ENCRYPTION,
    Look(gettext_lazy("Key and models"), lists, WAY),
    CHAT,
    STREAM,
    Look(gettext_lazy("Token counts"), counts, (*WAY, CHAT, STREAM)),
    Look(gettext_lazy("Thoughts"), thinks, (*WAY, CHAT, STREAM)),
    Look(gettext_lazy("System prompt"), obeys, (*WAY, CHAT)),
    Look(gettext_lazy("Image input"), sees, (*WAY, CHAT)),
    Look(gettext_lazy("Embeddings"), embeds, WAY),
)


async def examine(
    endpoint: Endpoint, model_id: str = "", calls: list[Entry] | None = None
) -> AsyncGenerator[Step, None]:
    """The steps as they are done; after one without which no other can succeed it ends.

    `calls` is given each call as it begins: whoever leaves early has to enter them as well.
    """
    calls = [] if calls is None else calls
    patient = Patient(replace(endpoint, limits=LIMITS), model_id, calls=calls)
    ends_at = time.monotonic() + VISIT_S
    failed: set[Look] = set()
    for look in _looks_at(endpoint):
        began = time.monotonic()
        if not failed.isdisjoint(look.needs) or began >= ends_at:
            continue
        finding = await _find(look, patient, min(STEP_S, ends_at - began))
        yield Step(str(look.name), finding, time.monotonic() - began)
        if finding.result == Result.FAILED:
            failed.add(look)
            if patient.kind in HOPELESS:
                return


def _looks_at(endpoint: Endpoint) -> Iterator[Look]:
    """Behind a proxy nobody here sees the service's address or its certificate."""
    for look in LOOKS:
        if look is ENCRYPTION and not endpoint.base_url.startswith("https:"):
            continue
        if not (endpoint.proxy and look in WAY):
            yield look


async def _find(look: Look, patient: Patient, seconds: float) -> Finding:
    patient.kind = None
    try:
        async with asyncio.timeout(seconds):
            return await look.at(patient)
    except UpstreamError as error:
        patient.kind = error.kind
        return failure(error)
    except TimeoutError:
        told = _("It was not done after %(seconds)d s.") % {"seconds": seconds}
        return Finding(Result.FAILED, told, str(words(ErrorKind.TIMEOUT).hint))
