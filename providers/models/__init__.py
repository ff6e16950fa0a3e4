"""Upstream services, their sealed keys, the models they offer, and what each call cost."""

from providers.models.call import Call, Kind, Outcome
from providers.models.key import Key
from providers.models.model import Model
from providers.models.provider import Provider, RouteOrder, Source
from providers.models.user_default import UserDefault

__all__ = [
    "Call",
    "Key",
    "Kind",
    "Model",
    "Outcome",
    "Provider",
    "RouteOrder",
    "Source",
    "UserDefault",
]
