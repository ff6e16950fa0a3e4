"""The doctor's page: it is sent as it is written, a line for each step as soon as it is done."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from providers.card import abilities, line_of
from providers.checking import Checkup, check, is_good
from providers.doctor import Finding, Result, Step
from providers.errors import UpstreamError
from providers.models import Provider
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
    checkup = Checkup.of(provider, model_id, request.user.pk)
    told = {**context, "provider": provider, "model_id": checkup.model_id, "mark": MARK}
    page = render_to_string(template, told, request)
    lines = _lines(checkup, translation.get_language() or "en")
    response = StreamingHttpResponse(_page(page, lines))
    # A proxy that collects the whole page first would show nothing until the end.
    response["X-Accel-Buffering"] = "no"
    # Compressed piece by piece, browsers read the first piece only.
    response["Content-Encoding"] = "identity"
    return response


async def _page(page: str, lines: AsyncGenerator[str, None]) -> AsyncIterator[str]:
    before, _mark, after = page.partition(f"<li hidden>{MARK}</li>")
    yield before
    # Whoever leaves the page ends the check.
    async with aclosing(lines):
        async for line in lines:
            yield line
    yield after


async def _lines(checkup: Checkup, language: str) -> AsyncGenerator[str, None]:
    # The request's own thread, and with it its language, is elsewhere by now.
    translation.activate(language)
    steps: list[Step] = []
    try:
        async with aclosing(check(checkup)) as checked:
            async for step in checked:
                steps.append(step)
                yield _line(step)
    except UpstreamError as error:
        told = words(error.kind)
        said = f"{told.message} ({_(error.detail)})"
        yield _line(Step(_("Key"), Finding(Result.FAILED, said, str(told.hint)), 0))
    yield render_to_string("admin/providers/provider/_verdict.html", {"is_good": is_good(steps)})
    if steps:
        yield _card(steps, checkup)


def _card(steps: list[Step], checkup: Checkup) -> str:
    """As it is kept with the model, if it is one of those that are stored."""
    known = checkup.model.capabilities if checkup.model else {}
    told = {
        "abilities": abilities([line_of(step) for step in steps], known),
        "checked_at": timezone.now(),
        "model_id": checkup.model_id,
    }
    return f"<li>{render_to_string('admin/providers/model/_card.html', told)}</li>"


def _line(step: Step) -> str:
    return render_to_string("admin/providers/provider/_step.html", {"step": step})
