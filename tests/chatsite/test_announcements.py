"""What is announced, to whom and for how long."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite import announcements
from chatsite.models import Announcement, User

TEXT = "We are away on Sunday <b>morning</b>."
ZH = {"Accept-Language": "zh-CN"}
LIST = "/admin/chatsite/announcement/"


@pytest.fixture
def announced(db: None) -> Announcement:
    return Announcement.objects.create(text=TEXT, text_zh="周日停机。")


def close(client: Client, announcement: Announcement, **headers: str) -> str:
    address = f"/announcements/{announcement.pk}/close/"
    told = {"Referer": "http://testserver/c/", **headers}
    return str(client.post(address, headers=told)["Location"])


@pytest.mark.parametrize("address", ["/", "/c/", "/providers/", "/accounts/login/", "/admin/"])
def test_every_page_says_it(
    as_ada: Client, client: Client, announced: Announcement, address: str
) -> None:
    page = (client if "login" in address else as_ada).get(address).content.decode()
    assert "We are away on Sunday &lt;b&gt;" in page


def test_chinese_readers_get_the_chinese_text(client: Client, announced: Announcement) -> None:
    page = client.get("/accounts/login/", headers=ZH, follow=True).content.decode()
    assert "周日停机。" in page
    assert "Sunday" not in page


def test_without_a_chinese_text_they_get_the_other(client: Client, announced: Announcement) -> None:
    announced.text_zh = ""
    announced.save()
    assert "Sunday" in client.get("/accounts/login/", headers=ZH, follow=True).content.decode()


@pytest.mark.parametrize(("begins", "ends"), [(1, None), (-3, -1)], ids=["not yet", "no more"])
def test_only_in_its_time(as_sam: Client, db: None, begins: int, ends: int | None) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    Announcement.objects.create(
        text=TEXT, begins_at=now + begins * hour, ends_at=now + ends * hour if ends else None
    )
    assert "Sunday" not in as_sam.get("/").content.decode()


def test_what_was_closed_stays_closed_for_this_reader_alone(
    as_sam: Client, as_olivia: Client, announced: Announcement
) -> None:
    assert close(as_sam, announced) == "http://testserver/c/"
    assert "Sunday" not in as_sam.get("/").content.decode()
    assert "Sunday" in as_olivia.get("/").content.decode()


def test_closing_leads_to_no_other_site(as_sam: Client, announced: Announcement) -> None:
    assert close(as_sam, announced, Referer="https://evil.example/") == "/"


def test_closing_takes_a_post_and_a_token(sam: User, announced: Announcement) -> None:
    strict = Client(enforce_csrf_checks=True)
    address = f"/announcements/{announced.pk}/close/"
    assert (strict.get(address).status_code, strict.post(address).status_code) == (405, 403)


def test_a_cookie_of_nonsense_closes_nothing(client: Client, announced: Announcement) -> None:
    client.cookies["announcements"] = f"{'9.' * 500}x.-1.²"
    assert "Sunday" in client.get("/accounts/login/", follow=True).content.decode()


def test_many_pages_ask_the_database_once(
    client: Client, announced: Announcement, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    announcements.forget()
    with django_assert_num_queries(1):
        for _ in range(10):
            client.get("/nope")


def test_a_change_is_seen_at_once(as_sam: Client, announced: Announcement) -> None:
    assert "Sunday" in as_sam.get("/").content.decode()
    announced.delete()
    assert "Sunday" not in as_sam.get("/").content.decode()


def test_an_administrator_announces(as_ada: Client, as_sam: Client) -> None:
    fields = {"text": "Hello all", "text_zh": "", "level": "warning", "ends_at": ""}
    as_ada.post(f"{LIST}add/", {**fields, "begins_at": "2026-01-01T00:00"})
    page = as_sam.get("/").content.decode()
    assert "Hello all" in page
    assert "Please note:" in page


def test_it_cannot_end_before_it_begins(as_ada: Client, db: None) -> None:
    times = {"begins_at": "2026-01-02T00:00", "ends_at": "2026-01-01T00:00"}
    page = as_ada.post(f"{LIST}add/", {"text": "x", "level": "note", **times})
    assert "It would end before it begins." in page.content.decode()
    assert not Announcement.objects.exists()


def test_strangers_announce_nothing(as_sam: Client, sam: User) -> None:
    assert as_sam.get(LIST)["Location"].startswith("/admin/login/")
    User.objects.filter(pk=sam.pk).update(is_staff=True)
    sam.user_permissions.add(Permission.objects.get(codename="view_announcement"))
    assert as_sam.post(f"{LIST}add/", {"text": "x"}).status_code == 403
