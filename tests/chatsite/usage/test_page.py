"""A user's own page of usage and its CSV: theirs, all of it, and nothing of others."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations.models import Charge, Conversation, Generation
from providers.models import Call
from tests.chats import a_conversation
from tests.chatsite.desk.conftest import Enter, at

PAGE, CSV = "/usage/", "/usage/csv/"
WAYS = ("day", "model", "conversation")


def a_paid_chat(owner: User, title: str, cost: str = "0.5", **fields: Any) -> Conversation:
    chat = a_conversation(owner, title, turns=1)
    usual = {"ended_at": timezone.now(), "cost": Decimal(cost), "currency": "USD"}
    tokens = {"prompt_tokens": 1_000, "completion_tokens": 234}
    Generation.objects.filter(message__conversation=chat).update(**{**usual, **tokens, **fields})
    return chat


def lines(client: Client, query: str = "") -> list[dict[str, str]]:
    text = client.get(f"{CSV}?{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize("address", [PAGE, CSV])
def test_nobody_is_led_to_the_log_in(client: Client, db: None, address: str) -> None:
    assert client.get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("by", WAYS)
def test_a_stranger_sees_nothing_of_it(as_sam: Client, olivia: User, enter: Enter, by: str) -> None:
    enter("7.77", user=olivia, model_name="olivias-model")
    a_paid_chat(olivia, "Olivia's chat", "7.77")
    page = as_sam.get(f"{PAGE}?by={by}").text
    assert "Nothing was asked in this time." in page
    assert not any(words in page for words in ("7.77", "olivias-model", "Olivia"))


def test_not_even_the_whole_sites_is_had_by_asking_for_it(
    as_sam: Client, olivia: User, enter: Enter
) -> None:
    enter("7.77", user=olivia)
    assert "olivia" not in as_sam.get(f"{PAGE}?by=user&user={olivia.pk}").text
    assert "user" not in lines(as_sam, "by=user")[0]


@pytest.mark.parametrize("by", WAYS)
def test_it_draws_and_tells_the_same_in_a_table(
    as_olivia: Client, olivia: User, enter: Enter, by: str
) -> None:
    enter("1.25", user=olivia, prompt_tokens=1_000, completion_tokens=234)
    a_paid_chat(olivia, "On lamps", "1.25")
    page = as_olivia.get(f"{PAGE}?by={by}").text
    assert page.count("<svg") == 3
    assert all(words in page for words in ("$1.25", "1,000", "1,234", "<caption"))


def test_a_chats_name_leads_to_it_and_is_only_text(as_olivia: Client, olivia: User) -> None:
    chat = a_paid_chat(olivia, "<b>Lamps</b>")
    page = as_olivia.get(f"{PAGE}?by=conversation").text
    assert f'<a href="/c/{chat.pk}/">&lt;b&gt;Lamps&lt;/b&gt;</a>' in page


def test_a_deleted_chat_is_in_the_ledger_only(as_olivia: Client, olivia: User) -> None:
    a_paid_chat(olivia, "On lamps").delete_softly()
    assert lines(as_olivia, "by=conversation") == []


def test_currencies_stand_side_by_side(as_olivia: Client, olivia: User, enter: Enter) -> None:
    enter("0.1", "USD", user=olivia)
    enter("0.2", "CNY", user=olivia)
    [line] = lines(as_olivia, "by=model")
    assert (line["cost_CNY"], line["cost_USD"]) == ("0.200000000", "0.100000000")


@pytest.mark.parametrize(
    "fields", [{"cost_basis": "estimated"}, {"tokens_basis": "estimated"}], ids=str
)
def test_what_was_guessed_is_marked(
    as_olivia: Client, olivia: User, enter: Enter, fields: dict[str, str]
) -> None:
    enter("1.25", user=olivia, prompt_tokens=5, **fields)
    table = as_olivia.get(f"{PAGE}?by=model").text.partition("<tbody>")[2]
    assert "≈" in table.partition("</table>")[0]


def test_an_answer_counts_on_the_day_of_the_sites_time_zone(
    as_olivia: Client, olivia: User, settings: Settings
) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    a_paid_chat(olivia, "Early", ended_at=at("2026-03-03 00:30"))
    day = "by=conversation&first=2026-03-03&last=2026-03-03"
    assert [line["conversation"] for line in lines(as_olivia, day)] == ["Early"]
    assert lines(as_olivia, day.replace("03-03", "03-02")) == []


def test_a_period_is_kept_in_the_address_of_the_csv(as_olivia: Client) -> None:
    page = as_olivia.get(f"{PAGE}?by=model&first=2026-03-01&last=2026-03-03").text
    assert f"{CSV}?by=model&amp;first=2026-03-01&amp;last=2026-03-03" in page


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x"])
def test_no_spreadsheet_takes_a_title_for_a_formula(
    as_olivia: Client, olivia: User, name: str
) -> None:
    a_paid_chat(olivia, name)
    assert lines(as_olivia, "by=conversation")[0]["conversation"] == f"'{name}"


def test_nonsense_in_the_address_is_as_if_nothing_was_asked(as_olivia: Client) -> None:
    assert as_olivia.get(f"{PAGE}?by=shoe&first=x&last=%00").status_code == 200


def test_the_account_menu_leads_there(as_olivia: Client) -> None:
    assert f'href="{PAGE}"' in as_olivia.get("/").text


@pytest.mark.parametrize("by", WAYS)
def test_no_more_queries_however_much_there_is(
    as_olivia: Client,
    olivia: User,
    enter: Enter,
    by: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(12):
        created_at = timezone.now() - timedelta(days=number)
        enter("1", user=olivia, model_name=f"m{number}", created_at=created_at)
        a_paid_chat(olivia, f"Chat {number}")
    with django_assert_num_queries(3):
        as_olivia.get(f"{PAGE}?by={by}")


def test_what_was_asked_beside_a_chat_is_of_that_chat(
    as_olivia: Client, olivia: User, enter: Enter
) -> None:
    enter("1.25", user=olivia, prompt_tokens=1_000, completion_tokens=234)
    Charge.objects.create(conversation=a_paid_chat(olivia, "On lamps"), call=Call.objects.get())
    [line] = [each for each in lines(as_olivia, "by=conversation") if "On lamps" in each.values()]
    assert "1.75" in " ".join(line.values())
