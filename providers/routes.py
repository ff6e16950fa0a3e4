"""Which way a request goes: the model, and the endpoint that serves it."""

from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_noop as _

from providers.endpoint import Endpoint
from providers.errors import ErrorKind, UpstreamError
from providers.local import local_endpoint
from providers.models import Model, Source
from providers.secrets import KeyRingError


@dataclass(frozen=True, slots=True)
class Route:
    """Read once from the database; the run that takes it needs the row no more."""

    endpoint: Endpoint | None
    is_local: bool = False

    @classmethod
    def to(cls, model: Model) -> Self:
        try:
            endpoint = model.provider.endpoint()
        except KeyRingError:
            # The question is kept; its answer then fails in words.
            endpoint = None
        return cls(endpoint, model.provider.source == Source.LOCAL)


async def resolve(route: Route) -> Endpoint:
    """The endpoint to ask now; the embedded model is started if it does not run yet.

    UpstreamError if it cannot start, or if ENCRYPTION_KEYS no longer opens the provider's key.
    """
    if route.is_local:
        return await local_endpoint()
    if route.endpoint is None:
        raise UpstreamError(
            ErrorKind.AUTH, detail=_("the stored key cannot be opened; enter it again")
        )
    return route.endpoint
