"""Whose admission to a socket still holds, by the database alone."""

import asyncio
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations import rights, sockets
from conversations.rights import ended_among
from conversations.sockets import COME_BACK, Admission


def admission(user: User, client: Client | None = None) -> Admission:
    return Admission(user.pk, user.password, client.session.session_key if client else None)


def test_as_long_as_nothing_changes_it_holds(olivia: User, as_olivia: Client) -> None:
    assert ended_among([admission(olivia, as_olivia), admission(olivia)]) == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda: User.objects.update(is_active=False),
        lambda: User.objects.update(password="another"),
        lambda: User.objects.all().delete(),
        lambda: Session.objects.all().delete(),
        lambda: Session.objects.update(expire_date=timezone.now()),
    ],
    ids=["disabled", "another password", "deleted", "logged out", "expired"],
)
def test_it_ends_with_what_it_rests_on(
    olivia: User, as_olivia: Client, change: Callable[[], object]
) -> None:
    before = admission(olivia, as_olivia)
    change()
    assert ended_among([before]) == {before}


def test_a_stranger_who_leaves_ends_nobody_else_s(
    olivia: User, as_olivia: Client, sam: User, as_sam: Client
) -> None:
    admitted = [admission(olivia, as_olivia), admission(sam, as_sam)]
    as_sam.logout()
    assert ended_among(admitted) == {admitted[1]}


def test_a_look_costs_two_queries(
    olivia: User,
    as_olivia: Client,
    sam: User,
    as_sam: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        ended_among([admission(olivia, as_olivia), admission(sam, as_sam)])


class Open:
    """A socket that notes how it was closed."""

    def __init__(self) -> None:
        self.loop, self.code = asyncio.get_running_loop(), 0

    async def close(self, code: int) -> None:
        self.code = code

    async def hear(self, news: dict[str, str]) -> None:
        raise AssertionError("nothing is new")


@pytest.mark.django_db(transaction=True)
async def test_only_sockets_that_may_no_longer_be_open_are_closed() -> None:
    gone, here = User(pk=10**6), await User.objects.acreate(username="here")
    opened = [(gone, Open()), (here, Open())]
    for user, socket in opened:
        sockets.opened(user, {}, socket)
    await rights.close_those_who_may_not()
    assert [socket.code for _, socket in opened] == [COME_BACK, 0]
