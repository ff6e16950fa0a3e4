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


@pytest.fixture
def as_clerk(db: None) -> Client:
    """Somebody who may see to people and groups, and to nothing else."""
    clerk = User.objects.create_user("clerk", password="a long enough passphrase", is_staff=True)
    of_people = Permission.objects.filter(content_type__model__in=("user", "group"))
    clerk.user_permissions.set(of_people)
    client = Client()
    client.force_login(clerk)
    return client


@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_who_sees_to_people_makes_no_administrators(
    as_clerk: Client, sam: User, right: str
) -> None:
    assert save_user(as_clerk, sam, **limits(), **{right: "on"}, email="sam@example.org") == 302
    sam.refresh_from_db()
    assert (sam.email, getattr(sam, right)) == ("sam@example.org", False)


def test_who_sees_to_people_gives_no_rights(as_clerk: Client, sam: User) -> None:
    right = Permission.objects.get(codename="view_provider")
    group = Group.objects.create(name="readers")
    as_clerk.post(f"{GROUPS}{group.pk}/change/", {"name": "r", "permissions": right.pk, **limits()})
    save_user(as_clerk, sam, **limits(), user_permissions=right.pk, groups=group.pk)
    sam.refresh_from_db()
    assert not group.permissions.exists()
    assert not sam.get_user_permissions()
    assert not sam.groups.exists()


@pytest.mark.parametrize("page", ["change/", "password/", "delete/"])
def test_who_sees_to_people_sees_to_no_superuser(as_clerk: Client, ada: User, page: str) -> None:
    fields = {"username": "x", "password1": "another phrase", "password2": "another phrase"}
    status = as_clerk.post(f"{LIST}{ada.pk}/{page}", {**fields, "post": "yes"}).status_code
    ada.refresh_from_db()
    assert (status, ada.username) == (403, "ada")


def test_who_sees_to_people_deletes_no_superuser_among_others(
    as_clerk: Client, ada: User, sam: User
) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [ada.pk, sam.pk], "post": "yes"}
    as_clerk.post(LIST, chosen)
    assert User.objects.filter(pk__in=[ada.pk, sam.pk]).count() == 2


@pytest.mark.parametrize(("right", "status"), [("change_user", 200), ("change_provider", 403)])
@pytest.mark.parametrize("is_active", [True, False])
def test_who_sees_to_people_sees_to_no_staff_who_may_more(
    as_clerk: Client, sam: User, right: str, status: int, is_active: bool
) -> None:
    sam.is_staff, sam.is_active = True, is_active
    sam.save()
    sam.user_permissions.add(Permission.objects.get(codename=right))
    assert as_clerk.get(f"{LIST}{sam.pk}/password/").status_code == status
