from datetime import timedelta

import pytest
from django.utils import timezone

from chatsite.accounts import throttle
from chatsite.models import LoginAttempt

pytestmark = pytest.mark.django_db


def exhaust(username: str = "olivia", address: str = "192.0.2.1") -> None:
    for _ in range(throttle.LIMIT):
        throttle.allow(username, address)


def test_the_wait_ends_by_itself() -> None:
    exhaust()
    LoginAttempt.objects.update(created_at=timezone.now() - timedelta(minutes=16))

    assert throttle.allow("olivia", "192.0.2.1")


def test_trying_while_refused_does_not_prolong_the_wait() -> None:
    exhaust()
    throttle.allow("olivia", "192.0.2.1")

    assert LoginAttempt.objects.count() == throttle.LIMIT


@pytest.mark.parametrize("spelling", ["OLIVIA", "ｏｌｉｖｉａ"])
def test_spellings_of_a_name_count_as_one(spelling: str) -> None:
    exhaust()

    assert not throttle.allow(spelling, "198.51.100.7")


def test_one_customer_s_ipv6_addresses_count_as_one() -> None:
    for number in range(throttle.LIMIT):
        throttle.allow(f"name{number}", f"2001:db8::{number}")

    assert not throttle.allow("olivia", "2001:db8::ffff:1")
    assert throttle.allow("olivia", "2001:db8:0:1::1")


def test_neither_name_nor_address_is_stored() -> None:
    throttle.allow("olivia", "192.0.2.1")
    attempt = LoginAttempt.objects.get()

    assert {len(attempt.account), len(attempt.address)} == {64}
