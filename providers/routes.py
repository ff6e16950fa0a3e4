"""Which ways a request may go: the endpoints that serve a model, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_noop as _

from providers.attempts import Policy
from providers.endpoint import Endpoint
from providers.errors import ErrorKind, UpstreamError
from providers.local import local_endpoint
from providers.models import Model, Provider, Source
from providers.ordering import Order
from providers.secrets import KeyRingError


@dataclass(frozen=True, slots=True)
class Routes:
    """Read once from the database; the run that takes them needs the rows no more.

    `endpoints` is None where a stored key cannot be opened.
    """

    endpoints: tuple[Endpoint, ...] | None
    policy: Policy
    is_local: bool = False

    @classmethod
    def to(cls, model: Model) -> Self:
        return cls.to_provider(model.provider)

    @classmethod
    def to_provider(cls, provider: Provider) -> Self:
        policy = Policy(Order(provider.route_order))
        if provider.source == Source.LOCAL:
            return cls((), policy, is_local=True)
        try:
            return cls(tuple(provider.endpoints()), policy)
        except KeyRingError:
            # The question is kept; its answer then fails in words.
            return cls(None, policy)


async def resolve(routes: Routes) -> Sequence[Endpoint]:
    """The endpoints to ask now; the embedded model is started if it does not run yet.

    UpstreamError if it cannot start, or if ENCRYPTION_KEYS no longer opens the provider's key.
    """
    if routes.is_local:
        return [await local_endpoint()]
    if routes.endpoints is None:
        raise UpstreamError(
            ErrorKind.AUTH, detail=_("the stored key cannot be opened; enter it again")
        )
    return routes.endpoints
