"""Fetching a list of models, and what came of it, in words for an administrator."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers import catalogue
from providers.errors import ErrorKind, UpstreamError, WrongBase
from providers.models import Provider, Source
from providers.secrets import KeyRingError
from providers.words import Words, words, words_of


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
        return Fetched(f"{provider}: {_in_words(words_of(error), error.detail)}", is_good=False)
    if count is None:
        return Fetched(f"{provider}: {_listless()}")
    text = ngettext(
        "%(provider)s: %(count)s model is listed.",
        "%(provider)s: %(count)s models are listed.",
        count,
    )
    return Fetched(text % {"provider": provider, "count": count})


def last_failure(provider: Provider) -> str:
    """Why the last attempt to fetch the list failed; '' if it did not."""
    if provider.source == Source.LOCAL:
        return ""
    if not provider.lists_models:
        return _listless()
    if not (error := provider.list_error):
        return ""
    told = words(ErrorKind(error["kind"]), WrongBase.of(error["wrong_base"]))
    return _in_words(told, error["detail"])


def _in_words(told: Words, detail: str) -> str:
    # Some details are our own words.
    said = _("The service said: %(detail)s") % {"detail": _(detail)} if detail else ""
    return f"{told.message} {told.hint} {said}".strip()


def _listless() -> str:
    return _("This service does not list what can be asked. Add its models by hand.")
