"""A terminal and a service for it, as the commands of the providers have them."""

from tests.providers.conftest import provider, service
from tests.providers.management.conftest import terminal

__all__ = ["provider", "service", "terminal"]
