"""Fetching a list of models, and what came of it, in words."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers import catalogue
from providers.errors import ErrorKind, UpstreamError, WrongBase
from providers.models import Provider, Source
from providers.secrets import KeyRingError
from providers.transport import PRIVATE
from providers.words import words


@dataclass(frozen=True, slots=True)
class Fetched:
    text: str
    is_good: bool = True


def fetch(provider: Provider) -> Fetched:
    """Fetch and store it now; whatever goes wrong is told."""
    try:
        count = catalogue.refresh(provider)
    except KeyRingError:
        text = _("%(provider)s: the stored key cannot be opened. Enter it again.")
        return Fetched(text % {"provider": provider}, is_good=False)
    except UpstreamError as error:
        told = _failure(provider, error.kind, error.detail, error.wrong_base)
        return Fetched(f"{provider}: {told}", is_good=False)
    if count is None:
        return Fetched(f"{provider}: {_listless()}")
    text = ngettext(
        "%(provider)s: %(count)s model is listed.",
        "%(provider)s: %(count)s models are listed.",
        count,
    )
    return Fetched(text % {"provider": provider, "count": count})


def fetch_and_tell(request: HttpRequest, provider: Provider) -> None:
    """Whoever asked for it is told on the next page how it went."""
    told = fetch(provider)
    level = messages.SUCCESS if told.is_good else messages.ERROR
    messages.add_message(request, level, told.text)


def last_failure(provider: Provider) -> str:
    """Why the last attempt to fetch the list failed; '' if it did not."""
    if provider.source == Source.LOCAL:
        return ""
    if not provider.lists_models:
        return _listless()
    if not (error := provider.list_error):
        return ""
    wrong_base = WrongBase.of(error["wrong_base"])
    return _failure(provider, ErrorKind(error["kind"]), error["detail"], wrong_base)


def _failure(provider: Provider, kind: ErrorKind, detail: str, wrong_base: WrongBase | None) -> str:
    if detail == PRIVATE:
        return _("This leads into a private network. Ask an administrator to allow it.")
    told = words(kind, wrong_base)
    # The usual hint sends people to an administrator, who does not have an owner's key.
    is_theirs = provider.owner_id is not None and kind == ErrorKind.AUTH
    hint = _("Enter it again.") if is_theirs else told.hint
    # Some details are our own words.
    said = _("The service said: %(detail)s") % {"detail": _(detail)} if detail else ""
    return f"{told.message} {hint} {said}".strip()


def _listless() -> str:
    return _("This service does not list what can be asked. Add its models by hand.")
