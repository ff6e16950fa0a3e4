"""When each list of models is to be fetched again, and what came of the last time."""

from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from providers.errors import ErrorKind, UpstreamError
from providers.models import Provider
from providers.secrets import KeyRingError

FRESH_FOR = timedelta(days=1)
# After the first failure; doubled with each further one, up to what is asked anyway.
RETRY_AFTER = timedelta(hours=1)
# Longer than fetching may take: who claimed it and went away has not taken it for good.
CLAIMED_FOR = timedelta(minutes=10)


def claim(provider: Provider) -> bool:
    """Whether this process is the one to fetch it now, of all that see that it is due."""
    now = timezone.now()
    mine = Provider.objects.due(now).filter(pk=provider.pk)
    return mine.update(list_due_at=now + CLAIMED_FOR) == 1


def note_fetched(provider: Provider) -> None:
    now = timezone.now()
    Provider.objects.filter(pk=provider.pk).update(
        listed_at=now, list_due_at=now + FRESH_FOR, list_failures=0, list_error={}
    )


def note_failed(provider: Provider, error: UpstreamError | KeyRingError) -> None:
    """Keep the error to be told, and wait longer after each in a row."""
    if isinstance(error, KeyRingError):
        detail = _("the stored key cannot be opened; enter it again")
        error = UpstreamError(ErrorKind.AUTH, detail)
    wait = min(FRESH_FOR, RETRY_AFTER * 2 ** min(provider.list_failures, 10))
    told = {
        "kind": error.kind,
        "detail": error.detail,
        "wrong_base": asdict(error.wrong_base) if error.wrong_base else None,
    }
    Provider.objects.filter(pk=provider.pk).update(
        list_due_at=timezone.now() + wait,
        list_failures=min(provider.list_failures, 10) + 1,
        list_error=told,
    )
