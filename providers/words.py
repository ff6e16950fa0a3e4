"""What a user is told about an error: what happened, and the one next step."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.errors import ErrorKind


@dataclass(frozen=True, slots=True)
class Words:
    message: Promise
    hint: Promise


def words(kind: ErrorKind) -> Words:
    return _WORDS[kind]


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
