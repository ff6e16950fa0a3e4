"""Olivia may have providers of her own, and has one at the scripted service."""

import pytest
from pytest_django.fixtures import Settings

from chatsite.models import User
from providers.models import Provider
from tests.people import may_own_providers
from tests.upstream import Upstream


@pytest.fixture
def owner(olivia: User) -> User:
    may_own_providers(olivia)
    return olivia


@pytest.fixture
def own(owner: User, service: Upstream, settings: Settings) -> Provider:
    """Where an administrator has allowed the address."""
    settings.ALLOWED_PRIVATE_UPSTREAMS = ("127.0.0.1",)
    return Provider.objects.create(name="Mine", base_url=service.base_url, owner=owner)
