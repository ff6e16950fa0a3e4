"""Calls that the ledger holds, for those who add them up."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from chatsite.models import User
from providers.models import Call


class Enter(Protocol):
    def __call__(self, cost: str = "", currency: str = "USD", **fields: Any) -> Call: ...


@pytest.fixture
def enter(db: None) -> Enter:
    """One call, now and without a price unless it is said otherwise."""

    def made(cost: str = "", currency: str = "USD", **fields: Any) -> Call:
        priced = {"cost": Decimal(cost), "currency": currency} if cost else {}
        usual = {"model_name": "m", "kind": "chat", "outcome": "complete", "seconds": 1.0}
        return Call.objects.create(**{**usual, **priced, **fields})

    return made


@pytest.fixture
def as_clerk(db: None) -> Client:
    """On the staff, and with no permission at all."""
    client = Client()
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    return client


def allow(client: Client, codename: str) -> None:
    user = User.objects.get(username="clerk")
    user.user_permissions.add(Permission.objects.get(codename=codename))


def at(text: str) -> datetime:
    """A moment in the site's time zone."""
    return timezone.make_aware(datetime.fromisoformat(text))
