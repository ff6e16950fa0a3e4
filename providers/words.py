"""What a user is told about an error: what happened, and the one next step."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers.errors import ErrorKind, Sign, UpstreamError, WrongBase


@dataclass(frozen=True, slots=True)
class Words:
    """`hint` is for whoever may change the provider; `hint_for_others`, '' where it is the same,
    for whoever may not."""

    message: Promise
    hint: Promise | str
    hint_for_others: Promise | str = ""


def words(kind: ErrorKind, wrong_base: WrongBase | None = None) -> Words:
    """That the base URL is wrong says more than the kind of error to which it led."""
    if wrong_base is None:
        return _WORDS[kind]
    return Words(_SIGNS[wrong_base.sign], _better(wrong_base), _ASK)


def words_of(error: UpstreamError) -> Words:
    return words(error.kind, error.wrong_base)


def _better(wrong_base: WrongBase) -> Promise | str:
    if wrong_base.suggestion:
        told = gettext("Try %(base_url)s as the base URL.")
        return told % {"base_url": wrong_base.suggestion}
    return _("Look up the base URL in the documentation of the service.")


_ASK = _("Ask an administrator to check the base URL of this provider.")
_SIGNS = {
    Sign.PAGE: _("A web page answered instead of the service."),
    Sign.DOUBLED: _("The version stands twice in the address."),
    Sign.NO_SUCH_PATH: _("The service has nothing at this address."),
    Sign.MOVED: _("The address leads on to another one, which is not followed."),
}

_WORDS = {
    ErrorKind.BAD_REQUEST: Words(
        _("The service did not accept the request."),
        _("Change the question or pick another model, then try again."),
    ),
    ErrorKind.AUTH: Words(
        _("The service refused the key."),
        _("Ask an administrator to check the key of this provider."),
    ),
    ErrorKind.BILLING: Words(
        _("The account at the service has no credit left."),
        _("Top it up there, or pick a model of another provider."),
    ),
    ErrorKind.PERMISSION: Words(
        _("The key may not use this model."),
        _("Pick another model, or have the key's rights extended."),
    ),
    ErrorKind.NOT_FOUND: Words(
        _("The service does not know this model or address."),
        _("Pick another model, or have the provider's base URL checked."),
    ),
    ErrorKind.RATE_LIMIT: Words(
        _("The service is receiving too many requests."),
        _("Wait a moment, then try again."),
    ),
    ErrorKind.OVERLOADED: Words(
        _("The service is overloaded."),
        _("Wait a moment, then try again, or pick another model."),
    ),
    ErrorKind.UPSTREAM: Words(
        _("The service failed while it answered."),
        _("Try again, or pick another model."),
    ),
    ErrorKind.UNREACHABLE: Words(
        _("The service could not be reached."),
        _("Check that it runs and that the provider's base URL is right, then try again."),
    ),
    ErrorKind.NO_CHANNEL: Words(
        _("The relay has no channel for this model now."),
        _("Try again later, or pick another model."),
    ),
    ErrorKind.TIMEOUT: Words(
        _("The service did not answer in time."),
        _("Try again, or pick another model."),
    ),
    ErrorKind.PROTOCOL: Words(
        _("The answer broke off or could not be read."),
        _("Try again; if it stays so, have the provider's base URL checked."),
    ),
    ErrorKind.CONTENT_FILTER: Words(
        _("The service's content filter stopped the answer."),
        _("Rephrase the question."),
    ),
    ErrorKind.CONTEXT_TOO_LONG: Words(
        _("The conversation is longer than the model can read."),
        _("Start a new chat, or pick a model with a larger context window."),
    ),
}
