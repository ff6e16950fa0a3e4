"""Limits of groups and of single users, beside those of the site."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations import allowed
from conversations.allowed import allowed_to, known_to_be_allowed
from conversations.limits import NotNow, check_asking, check_running, has_room_for_socket
from conversations.models import Limits
from tests.chats import a_model, asked


@pytest.fixture
def readers(olivia: User) -> Group:
    group = Group.objects.create(name="readers")
    olivia.groups.add(group)
    return group


def test_without_a_word_the_sites_own_limits_hold(olivia: User, settings: Settings) -> None:
    settings.LIMIT_RUNS = 7
    assert allowed_to(olivia.pk).runs == 7


def test_a_group_may_have_more_and_what_it_leaves_empty_is_the_sites(
    olivia: User, readers: Group, settings: Settings
) -> None:
    settings.LIMIT_RUNS, settings.LIMIT_SOCKETS = 1, 3
    Limits.objects.create(group=readers, runs=9)
    assert (allowed_to(olivia.pk).runs, allowed_to(olivia.pk).sockets) == (9, 3)


@pytest.mark.parametrize(("of_two", "counts"), [((2, 8), 8), ((2, 0), 0), ((None, 4), 4)])
def test_of_several_groups_the_most_generous_counts(
    olivia: User, readers: Group, of_two: tuple[int | None, int], counts: int
) -> None:
    other = Group.objects.create(name="writers")
    olivia.groups.add(other)
    for group, runs in zip((readers, other), of_two, strict=True):
        Limits.objects.create(group=group, runs=runs)
    assert allowed_to(olivia.pk).runs == counts


def test_a_users_own_go_before_those_of_the_groups(olivia: User, readers: Group) -> None:
    Limits.objects.create(group=readers, runs=0, sockets=4)
    Limits.objects.create(user=olivia, runs=2)
    assert (allowed_to(olivia.pk).runs, allowed_to(olivia.pk).sockets) == (2, 4)


def test_a_strangers_limits_are_not_ones_own(olivia: User, sam: User, settings: Settings) -> None:
    settings.LIMIT_RUNS = 5
    Limits.objects.create(user=sam, runs=1)
    stranger = Group.objects.create(name="strangers")
    Limits.objects.create(group=stranger, runs=2)
    assert allowed_to(olivia.pk).runs == 5


def test_they_are_read_once_for_many_questions(
    olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        for _ in range(20):
            check_asking(olivia.pk)


def test_after_a_minute_they_are_read_again(
    olivia: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    allowed_to(olivia.pk)
    monkeypatch.setattr(allowed, "KEPT_S", 0.0)
    with django_assert_num_queries(1):
        allowed_to(olivia.pk)


def test_a_change_counts_at_once_and_so_does_a_new_group(olivia: User) -> None:
    limits = Limits.objects.create(user=olivia, messages_per_minute=1)
    check_asking(olivia.pk)
    with pytest.raises(NotNow):
        check_asking(olivia.pk)
    limits.delete()
    check_asking(olivia.pk)
    group = Group.objects.create(name="one at a time")
    Limits.objects.create(group=group, runs=1)
    olivia.groups.add(group)
    assert allowed_to(olivia.pk).runs == 1


def test_the_answers_of_a_group_are_counted(olivia: User, sam: User, readers: Group) -> None:
    Limits.objects.create(group=readers, runs=1)
    model = a_model()
    asked(olivia, model)
    with pytest.raises(NotNow, match="1 answer is being written"):
        asked(olivia, model)
    check_running(sam.pk, 1)


def test_a_page_asks_for_no_query_and_knows_what_was_read(
    olivia: User, django_assert_num_queries: DjangoAssertNumQueries, settings: Settings
) -> None:
    settings.LIMIT_SOCKETS = 9
    Limits.objects.create(user=olivia, sockets=1)
    with django_assert_num_queries(0):
        assert known_to_be_allowed(olivia.pk).sockets == 9
    allowed_to(olivia.pk)
    with django_assert_num_queries(0):
        assert known_to_be_allowed(olivia.pk).sockets == 1
        assert has_room_for_socket(olivia.pk)


def test_limits_of_nobody_are_refused(db: None) -> None:
    with pytest.raises(IntegrityError):
        Limits.objects.create(runs=1)
