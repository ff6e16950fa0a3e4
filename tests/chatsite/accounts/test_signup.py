"""Asking for an account, and what an administrator makes of it."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.accounts import signup, throttle
from chatsite.models import SignupRequest, User
from tests.people import PASSWORD

PAGE = "/accounts/signup/"
LIST = "/admin/chatsite/signuprequest/"


@pytest.fixture
def open_door(db: None, settings: Settings) -> None:
    settings.SIGNUP = "request"


def ask(client: Client, username: str = "nora", password: str = PASSWORD) -> str:
    fields = {"username": username, "password": password, "note": "From the lab"}
    return client.post(PAGE, fields).content.decode()


def logged_in(username: str) -> bool:
    return Client().login(username=username, password=PASSWORD)


def decide(client: Client, action: str, *asked: SignupRequest) -> int:
    chosen = {"action": action, "_selected_action": [str(each.pk) for each in asked]}
    return client.post(LIST, chosen).status_code


def test_a_site_is_closed_unless_it_says_otherwise(client: Client, ada: User) -> None:
    assert client.get(PAGE).status_code == client.post(PAGE).status_code == 404
    assert PAGE not in client.get("/accounts/login/").content.decode()


def test_the_log_in_leads_there(client: Client, ada: User, open_door: None) -> None:
    assert PAGE in client.get("/accounts/login/").content.decode()


def test_who_asks_may_not_come_in_before_somebody_agreed(client: Client, open_door: None) -> None:
    assert "Your request is stored." in ask(client)
    assert not logged_in("nora")
    assert not User.objects.exists()


def test_who_is_approved_comes_in_with_their_own_password(
    client: Client, as_ada: Client, open_door: None
) -> None:
    ask(client)
    decide(as_ada, "approve", SignupRequest.objects.get())
    user = User.objects.get(username="nora")
    assert logged_in("nora")
    assert (user.is_staff, user.is_superuser, user.user_permissions.count()) == (False,) * 2 + (0,)
    assert not SignupRequest.objects.exists()


def test_who_is_rejected_does_not(client: Client, as_ada: Client, open_door: None) -> None:
    ask(client)
    decide(as_ada, "reject", SignupRequest.objects.get())
    assert not logged_in("nora")
    assert not SignupRequest.objects.exists()


def test_a_password_is_stored_as_its_hash_and_on_no_page(
    client: Client, as_ada: Client, open_door: None
) -> None:
    ask(client)
    asked = SignupRequest.objects.get()
    page = as_ada.get(f"{LIST}{asked.pk}/change/").content.decode()
    assert PASSWORD not in asked.password
    assert asked.password not in page
    assert "From the lab" in page


def test_a_name_that_is_taken_is_told_to_nobody_but_the_administrator(
    client: Client, as_ada: Client, open_door: None
) -> None:
    taken, free = (ask(client, name).partition("<h1>")[2] for name in ("ada", "nobody-yet"))
    assert taken.partition("<footer>")[0] == free.partition("<footer>")[0]
    decide(as_ada, "approve", SignupRequest.objects.get(username="ada"))
    assert "There is an account named ada already." in as_ada.get(LIST).content.decode()
    assert User.objects.get(username="ada").is_superuser


def test_a_bad_password_and_a_bad_name_are_refused_in_words(
    client: Client, open_door: None
) -> None:
    page = ask(client, "no blanks", "12345678")
    assert "too common" in page
    assert "Enter a valid username" in page
    assert not SignupRequest.objects.exists()


def test_it_is_throttled_as_a_log_in_is(client: Client, open_door: None) -> None:
    for number in range(throttle.LIMIT):
        ask(client, f"nora{number}")
    response = client.post(PAGE, {"username": "one-more", "password": PASSWORD})
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert SignupRequest.objects.count() == throttle.LIMIT


def test_asking_in_somebodys_name_does_not_keep_them_out(
    client: Client, sam: User, open_door: None
) -> None:
    for _ in range(throttle.LIMIT):
        client.post(PAGE, {"username": "sam", "password": "x"}, REMOTE_ADDR="203.0.113.9")
    client.post("/accounts/login/", {"username": "sam", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(sam.pk)


def test_a_flood_ends_somewhere(
    client: Client, open_door: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signup, "MOST_WAITING", 1)
    ask(client, "nora")
    assert "Many requests wait already." in ask(client, "nils")


def test_who_is_logged_in_has_an_account(as_sam: Client, open_door: None) -> None:
    assert as_sam.get(PAGE)["Location"] == "/"


def test_the_page_of_a_request_has_both_answers(as_ada: Client, db: None) -> None:
    asked = SignupRequest.objects.create(username="nora")
    page = as_ada.get(f"{LIST}{asked.pk}/change/").content.decode()
    assert [f'value="{action}"' in page for action in ("approve", "reject")] == [True, True]


def test_strangers_decide_nothing(client: Client, as_sam: Client, sam: User, db: None) -> None:
    asked = SignupRequest.objects.create(username="nora", password="x")
    assert decide(as_sam, "approve", asked) == 302
    User.objects.filter(pk=sam.pk).update(is_staff=True)
    for codename in ("view_signuprequest", "delete_signuprequest"):
        sam.user_permissions.add(Permission.objects.get(codename=codename))
    decide(as_sam, "approve", asked)
    assert not User.objects.filter(username="nora").exists()


def test_the_list_asks_few_questions(
    as_ada: Client, db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    SignupRequest.objects.bulk_create(SignupRequest(username=f"n{n}") for n in range(50))
    with django_assert_max_num_queries(10):
        as_ada.get(LIST)


def test_nobody_finds_out_a_password_s_hash_by_filtering(
    client: Client, as_olivia: Client, olivia: User, open_door: None
) -> None:
    ask(client)
    olivia.is_staff = True
    olivia.save()
    olivia.user_permissions.add(Permission.objects.get(codename="view_signuprequest"))
    assert as_olivia.get(LIST).status_code == 200
    assert as_olivia.get(f"{LIST}?password__startswith=p").status_code == 400


def test_a_name_in_another_case_is_taken_too(
    client: Client, as_ada: Client, open_door: None
) -> None:
    ask(client, "ADA")
    decide(as_ada, "approve", SignupRequest.objects.get())
    assert not User.objects.filter(username="ADA").exists()


def test_whoever_asks_often_holds_up_no_log_in(client: Client, ada: User, open_door: None) -> None:
    for number in range(throttle.LIMIT + 1):
        ask(client, f"nora{number}")
    form = {"username": "ada", "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
