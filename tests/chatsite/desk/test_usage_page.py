"""The page of usage and its CSV: who sees them, and what they say."""

import csv
from io import StringIO

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from tests.chatsite.desk.conftest import Enter, allow

PAGE, CSV = "/admin/usage/", "/admin/usage/csv/"


def lines(client: Client, query: str) -> list[dict[str, str]]:
    text = client.get(f"{CSV}?{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize("address", [PAGE, CSV])
def test_strangers_see_nothing_of_it(as_sam: Client, client: Client, address: str) -> None:
    for each in (as_sam, client):
        assert each.get(address)["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("address", [PAGE, CSV])
def test_of_the_staff_only_who_may_see_calls(as_clerk: Client, address: str) -> None:
    assert as_clerk.get(address).status_code == 403
    allow(as_clerk, "view_call")
    assert as_clerk.get(address).status_code == 200


def test_the_sections_lead_there_for_those_only(as_clerk: Client) -> None:
    assert PAGE not in as_clerk.get("/admin/").content.decode()
    allow(as_clerk, "view_call")
    assert PAGE in as_clerk.get("/admin/").content.decode()


@pytest.mark.parametrize("by", ["day", "model", "user"])
def test_it_draws_and_tells_the_same_in_a_table(
    as_ada: Client, ada: User, enter: Enter, by: str
) -> None:
    enter("1.25", user=ada, prompt_tokens=1_234_567)
    page = as_ada.get(f"{PAGE}?by={by}").content.decode()
    assert page.count("<svg") == 3
    assert "<rect" in page
    assert all(words in page for words in ("$1.25", "1,234,567", "<caption"))


def test_what_was_guessed_is_marked(as_ada: Client, enter: Enter) -> None:
    enter("1.25", cost_basis="estimated")
    table = as_ada.get(PAGE).content.decode().partition("<table")[2]
    assert "≈" in table.partition("</table>")[0]


def test_nonsense_in_the_address_is_as_if_nothing_was_asked(as_ada: Client, enter: Enter) -> None:
    enter()
    assert as_ada.get(f"{PAGE}?by=shoe&first=x&last=%00").status_code == 200


def test_without_calls_it_says_so(as_ada: Client) -> None:
    assert "Nothing was called in this time." in as_ada.get(PAGE).content.decode()


def test_a_models_name_is_escaped(as_ada: Client, enter: Enter) -> None:
    enter(model_name="<script>alert(1)</script>")
    assert "<script>alert" not in as_ada.get(f"{PAGE}?by=model").content.decode()


def test_the_csv_has_a_column_for_each_currency(as_ada: Client, enter: Enter) -> None:
    enter("0.1", "USD", prompt_tokens=3)
    enter("0.2", "CNY")
    [line] = lines(as_ada, "by=model")
    assert (line["model"], line["calls"], line["tokens_read"]) == ("m", "2", "3")
    assert (line["cost_CNY"], line["cost_USD"]) == ("0.200000000", "0.100000000")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx"])
def test_no_spreadsheet_takes_a_name_for_a_formula(as_ada: Client, enter: Enter, name: str) -> None:
    enter(model_name=name)
    assert lines(as_ada, "by=model")[0]["model"] == f"'{name}"


@pytest.mark.parametrize("by", ["day", "model", "user"])
def test_it_asks_few_questions(
    as_ada: Client, enter: Enter, by: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        user = User.objects.create(username=f"u{number}")
        enter("1", model_name=f"m{number}", user=user)
    with django_assert_max_num_queries(5):
        as_ada.get(f"{PAGE}?by={by}")
