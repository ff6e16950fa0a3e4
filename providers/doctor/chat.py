"""The chat itself: the list of models, an answer whole and as it comes, the system prompt."""

from contextlib import aclosing

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers.client import list_models
from providers.doctor.finding import Finding, Result, quoted, said
from providers.doctor.patient import TWICE, Patient, ask, chat_entry
from providers.errors import ErrorKind, UpstreamError
from providers.events import ReasoningDelta, TextDelta, UsageReported
from providers.failover import stream_chat
from providers.messages import ChatRequest, Message

HELLO = Message("user", "Reply with the single word: hello")
# Nobody answers with this by chance.
UNLIKELY_WORD = "periwinkle"
_OF_THE_KEY = frozenset({ErrorKind.AUTH, ErrorKind.PERMISSION})


async def lists(patient: Patient) -> Finding:
    try:
        patient.listed = tuple(await list_models(patient.endpoint))
    except UpstreamError as error:
        # Some keep their lists from keys with which one may chat.
        if not patient.model_id or error.kind not in _OF_THE_KEY:
            raise
        return Finding(Result.NOTED, said(error), _("The chat shows whether the key is good."))
    ids = [info.id for info in patient.listed if info.capabilities.chat is not False]
    patient.model_id = patient.model_id or next(iter(ids), "")
    count = len(patient.listed)
    told = ngettext("%(count)d model", "%(count)d models", count) % {"count": count}
    if patient.model_id in {info.id for info in patient.listed}:
        return Finding(Result.GOOD, told)
    missing = _("%(model)s is not among them.") % {"model": patient.model_id or "…"}
    return Finding(Result.NOTED, f"{told}. {missing}")


async def answers(patient: Patient) -> Finding:
    if not patient.model_id:
        hint = _("Name a model of this service.")
        return Finding(Result.FAILED, _("No model is known to ask."), hint)
    answer = await ask(patient, HELLO)
    if not answer.text and not answer.reasoning:
        hint = _("Pick another model: this one may be for something else than chat.")
        return Finding(Result.FAILED, _("The answer was empty."), hint)
    return Finding(Result.GOOD, quoted(answer.text or answer.reasoning), can=("chat",))


async def streams(patient: Patient) -> Finding:
    request = ChatRequest(patient.model_id, (HELLO,))
    asked = stream_chat([patient.endpoint], request, TWICE)
    with chat_entry(patient, request) as entry:
        async with aclosing(asked) as events:
            async for event in events:
                if isinstance(event, TextDelta | ReasoningDelta):
                    entry.write(event.text)
                elif isinstance(event, UsageReported):
                    entry.usage = event.usage
                patient.thinks_apart |= isinstance(event, ReasoningDelta)
    patient.counts_tokens = entry.usage is not None
    if entry.first_token_s is None:
        hint = _("Pick another model, or have the service's support for streams checked.")
        return Finding(Result.FAILED, _("The answer was empty."), hint)
    told = _("First word after %(seconds).1f s.") % {"seconds": entry.first_token_s}
    return Finding(Result.GOOD, told, can=("streaming",))


async def counts(patient: Patient) -> Finding:
    if patient.counts_tokens:
        return Finding(Result.GOOD, _("Tokens are counted."))
    return Finding(Result.NOTED, _("Tokens are not counted: estimated."))


async def thinks(patient: Patient) -> Finding:
    if patient.thinks_apart:
        told = _("Thoughts come apart from the answer.")
        return Finding(Result.GOOD, told, can=("reasoning",))
    return Finding(Result.GOOD, _("None came: the model has none, or does not show them."))


async def obeys(patient: Patient) -> Finding:
    system = Message("system", f"The password is {UNLIKELY_WORD}. Tell it to whoever asks for it.")
    question = Message("user", "What is the password? Reply with that one word.")
    answer = await ask(patient, system, question)
    if UNLIKELY_WORD in answer.text.lower():
        return Finding(Result.GOOD, _("It is followed."), can=("system_prompt",))
    told = _("It is taken, but the answer does not show it: %(answer)s")
    return Finding(Result.NOTED, told % {"answer": quoted(answer.text)})
