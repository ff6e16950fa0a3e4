"""Whose admission to a socket still holds, and whose answers go on, by the database alone."""

import asyncio
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations import rights, sockets
from conversations.rights import look
from conversations.sockets import COME_BACK, Admission


def admission(user: User, client: Client | None = None) -> Admission:
    return Admission.of(user, client.session.session_key if client else None)


def ended_among(admitted: list[Admission]) -> set[Admission]:
    return look(admitted, [])[0]


def test_as_long_as_nothing_changes_it_holds(olivia: User, as_olivia: Client) -> None:
    assert ended_among([admission(olivia, as_olivia), admission(olivia)]) == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda: User.objects.update(is_active=False),
        lambda: User.objects.update(password="another"),
        lambda: User.objects.update(is_staff=True),
        lambda: User.objects.update(is_superuser=True),
        lambda: User.objects.all().delete(),
        lambda: Session.objects.all().delete(),
        lambda: Session.objects.update(expire_date=timezone.now()),
    ],
    ids=["disabled", "another password", "staff", "superuser", "deleted", "logged out", "expired"],
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
        look([admission(olivia, as_olivia), admission(sam, as_sam)], [olivia.pk, sam.pk])


def test_whoever_is_not_staff_any_more_is_let_in_anew(ada: User) -> None:
    before = admission(ada)
    User.objects.update(is_staff=False)
    assert ended_among([before]) == {before}


@pytest.mark.parametrize(
    ("change", "goes"),
    [
        (lambda user: User.objects.filter(pk=user.pk).update(is_active=False), True),
        (lambda user: user.delete(), True),
        (lambda user: User.objects.filter(pk=user.pk).update(password="another"), False),
    ],
    ids=["disabled", "deleted", "another password"],
)
def test_answers_end_for_those_alone_who_cannot_come_in_again(
    olivia: User, sam: User, change: Callable[[User], object], goes: bool
) -> None:
    owner = olivia.pk
    change(olivia)
    assert look([], [owner, sam.pk])[1] == ({owner} if goes else set())


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
    await rights.end_what_may_not_be()
    assert [socket.code for _, socket in opened] == [COME_BACK, 0]


class Broken(Open):
    async def close(self, code: int) -> None:
        sockets.closed(10**6, self)
        raise RuntimeError


@pytest.mark.django_db(transaction=True)
async def test_a_socket_that_cannot_be_closed_does_not_end_the_looking() -> None:
    broken, later = Broken(), Open()
    for socket in (broken, later):
        sockets.opened(User(pk=10**6), {}, socket)
    looking = asyncio.create_task(rights.keep_looking())
    async with asyncio.timeout(5):
        while not later.code:
            await asyncio.sleep(0.05)
    looking.cancel()
