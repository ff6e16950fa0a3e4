"""Whether the service makes embeddings: with the model that is examined, or another of its list."""

from dataclasses import replace

from django.utils.translation import gettext as _

from providers.doctor.finding import Finding, Result, failure
from providers.doctor.patient import TWICE, Patient
from providers.errors import UpstreamError
from providers.events import ModelInfo
from providers.failover import ask
from providers.media import EmbeddingRequest
from providers.media_client import embed
from providers.models import Kind
from providers.terminal.picking import Function

TEXT = "hello"


async def embeds(patient: Patient) -> Finding:
    model_id = _model_for_it(patient)
    if not model_id:
        return Finding(Result.NOTED, _("The list names no model for embeddings."))
    request = EmbeddingRequest(model_id, (TEXT,))
    try:
        with patient.entry(Kind.EMBEDDINGS, model_id, TEXT) as entry:
            reply = await ask([patient.endpoint], lambda route: embed(route, request), TWICE)
            entry.usage, entry.received = reply.answer.usage, 0
    except UpstreamError as error:
        failed = failure(error)
        return replace(failed, told=f"{model_id}: {failed.told}")
    told = _("%(model)s: a vector of %(count)d numbers.")
    of = "" if model_id == patient.model_id else model_id
    count = len(reply.answer.vectors[0])
    told %= {"model": model_id, "count": count}
    return Finding(Result.GOOD, told, can=("embeddings",), of=of)


def _model_for_it(patient: Patient) -> str:
    """By what the list says, else by how such models are called; '' if none is known."""
    listed = patient.listed or (ModelInfo(patient.model_id),)
    told = [info.id for info in listed if info.capabilities.embeddings]
    known = told or [info.id for info in listed if _is_called_so(info)]
    return patient.model_id if patient.model_id in known else next(iter(known), "")


def _is_called_so(info: ModelInfo) -> bool:
    return info.capabilities.embeddings is None and Function.EMBEDDINGS.is_told_by(info.id)
