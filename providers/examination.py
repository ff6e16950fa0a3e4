"""The doctor's page: it is sent as it is written, a line for each step as soon as it is done."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from providers.checking import check, is_good
from providers.doctor import Finding, Result, Step
from providers.errors import UpstreamError
from providers.models import Model, Provider
from providers.routes import Routes
from providers.words import words

# Where the page is cut in two, to let the steps in between.
MARK = "steps-stand-here"


def checked_page(
    request: HttpRequest,
    provider: Provider,
    model_id: str,
    template: str,
    context: Mapping[str, Any],
) -> StreamingHttpResponse:
    """`template` is the page around `providers/_examination.html`."""
    offered = Model.objects.offered().for_chat().filter(provider=provider)
    model = (offered.filter(model_id=model_id) if model_id else offered).first()
    name = model_id or (model.model_id if model else "")
    told = {**context, "provider": provider, "model_id": name, "mark": MARK}
    page = render_to_string(template, told, request)
    lines = _lines(Routes.to_provider(provider), name, model, translation.get_language() or "en")
    response = StreamingHttpResponse(_page(page, lines))
    # A proxy that collects the whole page first would show nothing until the end.
    response["X-Accel-Buffering"] = "no"
    # Compressed piece by piece, browsers read the first piece only.
    response["Content-Encoding"] = "identity"
    return response


async def _page(page: str, lines: AsyncIterator[str]) -> AsyncIterator[str]:
    before, _mark, after = page.partition(f"<li hidden>{MARK}</li>")
    yield before
    async for line in lines:
        yield line
    yield after


async def _lines(
    routes: Routes, model_id: str, model: Model | None, language: str
) -> AsyncIterator[str]:
    # The request's own thread, and with it its language, is elsewhere by now.
    translation.activate(language)
    steps: list[Step] = []
    try:
        async for step in check(routes, model_id, model):
            steps.append(step)
            yield _line(step)
    except UpstreamError as error:
        told = words(error.kind)
        said = f"{told.message} ({_(error.detail)})"
        yield _line(Step(_("Key"), Finding(Result.FAILED, said, str(told.hint)), 0))
    yield render_to_string("admin/providers/provider/_verdict.html", {"is_good": is_good(steps)})


def _line(step: Step) -> str:
    return render_to_string("admin/providers/provider/_step.html", {"step": step})
