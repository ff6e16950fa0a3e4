"""Users and groups in the admin, with their limits."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations.allowed import allowed_to
from conversations.models import Limits
from conversations.models.limits import FIELDS

LIST, GROUPS = "/admin/chatsite/user/", "/admin/auth/group/"


def limits(initial: int = 0, **values: str) -> dict[str, str]:
    """The part of a form that is about limits."""
    counts = {"limits-TOTAL_FORMS": "1", "limits-INITIAL_FORMS": str(initial)}
    return {**counts, **{f"limits-0-{name}": values.get(name, "") for name in FIELDS}}


def save_user(client: Client, user: User, **fields: Any) -> int:
    kept = {"username": user.username, "is_active": "on"}
    return client.post(f"{LIST}{user.pk}/change/", {**kept, **fields}).status_code


def test_a_user_is_given_limits(as_ada: Client, sam: User) -> None:
    assert save_user(as_ada, sam, **limits(runs="2", sockets="0")) == 302
    assert (sam.limits.runs, sam.limits.sockets, sam.limits.mb_per_day) == (2, 0, None)


def test_all_empty_is_no_row(as_ada: Client, sam: User) -> None:
    save_user(as_ada, sam, **limits())
    assert not Limits.objects.exists()


def test_a_group_is_given_limits_and_they_hold_for_its_members(as_ada: Client, sam: User) -> None:
    group = Group.objects.create(name="readers")
    sam.groups.add(group)
    as_ada.post(f"{GROUPS}{group.pk}/change/", {"name": "readers", **limits(runs="3")})
    assert allowed_to(sam.pk).runs == 3


def test_nonsense_is_refused(as_ada: Client, sam: User) -> None:
    assert save_user(as_ada, sam, **limits(runs="-1")) == 200
    assert not Limits.objects.exists()


def test_the_page_of_a_user_says_what_is_in_force(
    as_ada: Client, sam: User, settings: Settings
) -> None:
    settings.LIMIT_RUNS = 4
    Limits.objects.create(user=sam, sockets=9)
    page = as_ada.get(f"{LIST}{sam.pk}/change/").content.decode()
    assert "answers at once: 4, messages a minute: no limit" in page
    assert "open pages: 9" in page


def test_strangers_change_no_limits(as_sam: Client, sam: User) -> None:
    assert save_user(as_sam, sam, **limits(runs="0")) == 302
    User.objects.filter(pk=sam.pk).update(is_staff=True)
    for codename in ("view_user", "change_user"):
        sam.user_permissions.add(Permission.objects.get(codename=codename))
    # Who may change users and not their limits.
    save_user(as_sam, sam, **limits(runs="0"), is_staff="on")
    assert not Limits.objects.exists()


def test_what_has_no_page_here_is_nobodys_to_be_given(as_ada: Client, sam: User) -> None:
    page = as_ada.get(f"{LIST}{sam.pk}/change/").content.decode()
    assert "May add providers of their own" in page
    assert "Calls: look" in page
    assert "Limits: change" in page
    assert "Log-in attempts: " not in page


@pytest.mark.parametrize("address", [LIST, GROUPS])
def test_the_lists_ask_few_questions(
    as_ada: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        group = Group.objects.create(name=f"g{number}")
        User.objects.create(username=f"u{number}").groups.add(group)
    with django_assert_max_num_queries(9):
        as_ada.get(address)
