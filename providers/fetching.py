"""Models fetched by hand: whoever asked for them is told on the next page how it went."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from providers import catalogue
from providers.errors import ErrorKind, UpstreamError
from providers.models import Provider
from providers.secrets import KeyRingError
from providers.transport import PRIVATE
from providers.words import words


def fetch_and_tell(request: HttpRequest, provider: Provider) -> None:
    try:
        count = catalogue.refresh(provider)
    except KeyRingError:
        text = _("%(provider)s: the stored key cannot be opened. Enter it again.")
        messages.error(request, text % {"provider": provider})
    except UpstreamError as error:
        messages.error(request, f"{provider}: {_failure(provider, error)}")
    else:
        text = _("%(provider)s: %(count)s models are listed.")
        messages.success(request, text % {"provider": provider, "count": count})


def _failure(provider: Provider, error: UpstreamError) -> str:
    if error.detail == PRIVATE:
        return _("This leads into a private network. Ask an administrator to allow it.")
    told = words(error.kind)
    # The usual hint sends people to an administrator, who does not have an owner's key.
    is_theirs = provider.owner_id is not None and error.kind == ErrorKind.AUTH
    hint = _("Enter it again.") if is_theirs else told.hint
    # Some details are our own words.
    said = _("The service said: %(detail)s") % {"detail": _(error.detail)}
    return f"{told.message} {hint} {said if error.detail else ''}"
