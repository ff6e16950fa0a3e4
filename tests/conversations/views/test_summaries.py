from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations.models import Conversation, Message, Summary
from conversations.models.summary import Cause, SummaryState
from conversations.transcript import Keep
from tests.chats import a_conversation, a_model, a_summary

HTMX = {"HX-Request": "true"}
TEXT = "They counted <to> three."


@pytest.fixture
def answer(olivia: User) -> Message:
    """Up to which there is a summary."""
    chat = a_conversation(olivia, turns=3)
    chat.send_only(Keep.SUMMARY, 4000)
    return a_summary(Message.objects.get(content="answer 1"), TEXT).message


def address(message: Message, act: str = "") -> str:
    return f"/m/{message.pk}/summary/{act}"


def page(client: Client, message: Message) -> str:
    return client.get(message.conversation.get_absolute_url()).content.decode()


def preview(client: Client, message: Message) -> str:
    return client.get(f"{message.conversation.get_absolute_url()}context/").content.decode()


def test_it_stands_closed_where_it_reaches_to(as_olivia: Client, answer: Message) -> None:
    html = page(as_olivia, answer)
    card = html.index(f'id="{answer.dom_id}-summary"')
    assert html.index("answer 1") < card < html.index("question 2")
    assert "<details>" in html[card:]
    assert "They counted &lt;to&gt; three." in html


def test_it_is_edited_in_its_place(as_olivia: Client, answer: Message) -> None:
    form = as_olivia.get(address(answer), headers=HTMX).content.decode()
    assert "They counted &lt;to&gt; three.</textarea>" in form
    response = as_olivia.post(address(answer), {"text": "Mine."}, headers=HTMX)
    assert 'hx-target="#summaries"' in response.content.decode()
    summary = Summary.objects.get()
    assert (summary.text, summary.is_edited) == ("Mine.", True)
    assert 'class="edited"' in page(as_olivia, answer)


def test_without_javascript_a_page_has_the_form(as_olivia: Client, answer: Message) -> None:
    assert TEXT.encode()[:12] in as_olivia.get(address(answer)).content
    response = as_olivia.post(address(answer), {"text": "Mine."})
    assert response["Location"].endswith(f"#{answer.dom_id}")


@pytest.mark.parametrize("text", ["", "  \n", "x" * 20_001])
def test_no_text_or_too_much_is_refused_in_words(
    as_olivia: Client, answer: Message, text: str
) -> None:
    response = as_olivia.post(address(answer), {"text": text})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert Summary.objects.get().text == TEXT


def test_whoever_edits_one_that_is_gone_is_told(as_olivia: Client, answer: Message) -> None:
    Summary.objects.all().delete()
    response = as_olivia.post(address(answer), {"text": "Mine."}, headers=HTMX)
    assert response.status_code == 409
    assert "taken the place" in response.content.decode()
    assert as_olivia.get(address(answer)).status_code == 404


def test_it_is_deleted_and_all_is_sent_again(as_olivia: Client, answer: Message) -> None:
    assert 'data-fate="summarised"' in preview(as_olivia, answer)
    html = as_olivia.post(address(answer, "delete/"), headers=HTMX).content.decode()
    assert f'hx-target="#{answer.dom_id}-summary" hx-swap="delete"' in html
    assert 'data-fate="summarised"' not in preview(as_olivia, answer)
    assert as_olivia.post(address(answer, "delete/")).status_code == 404


def test_a_failure_is_told_with_a_way_to_try_again(as_olivia: Client, answer: Message) -> None:
    Summary.objects.update(state=SummaryState.FAILED, error="rate_limit")
    assert "receiving too many requests" in page(as_olivia, answer)
    html = as_olivia.post(address(answer, "again/"), headers=HTMX).content.decode()
    assert "are being summarised" in html
    assert as_olivia.post(address(answer, "again/")).status_code == 404


@pytest.mark.parametrize("cause", list(Cause))
def test_each_cause_of_our_own_has_its_words(
    as_olivia: Client, answer: Message, cause: Cause
) -> None:
    Summary.objects.update(state=SummaryState.FAILED, error=cause)
    assert "could not be summarised" in page(as_olivia, answer)


def test_what_a_process_left_is_no_summary_that_is_being_made(
    as_olivia: Client, answer: Message
) -> None:
    Summary.objects.update(state=SummaryState.MAKING, lease_until=timezone.now())
    assert "was interrupted" in page(as_olivia, answer)
    Summary.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert "are being summarised" in page(as_olivia, answer)


def test_what_will_be_sent_shows_it_as_it_is_sent(as_olivia: Client, answer: Message) -> None:
    html = preview(as_olivia, answer)
    fates = [part.split('"')[0] for part in html.split('data-fate="')[1:]]
    assert fates == ["sent", *["summarised"] * 4, "sent", "sent", "sent"]
    assert "Sent with the system prompt" in html


def test_of_a_long_chat_too(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=60)
    chat.send_only(Keep.SUMMARY, 4000)
    summary = a_summary(Message.objects.get(content="answer 3"))
    assert "Sent with the system prompt" in preview(as_olivia, summary.message)


def test_what_no_summary_tells_of_yet_is_said(as_olivia: Client, answer: Message) -> None:
    Conversation.objects.update(keep_amount=100, system_prompt="word " * 70)
    assert "2 messages do not fit and are in no summary yet" in preview(as_olivia, answer)


def test_the_policy_and_its_model_are_kept_and_shown(as_olivia: Client, answer: Message) -> None:
    model, chat = a_model(model_id="small"), answer.conversation
    context = f"{chat.get_absolute_url()}context/"
    fields = {"keep": "summary", "summary": "900", "summary_model": str(model.pk)}
    assert as_olivia.post(context, fields).status_code == 302
    chat.refresh_from_db()
    assert (chat.keep, chat.keep_amount, chat.summary_model) == ("summary", 900, model)
    assert f'<option value="{model.pk}" selected>' in preview(as_olivia, answer)


def test_a_model_that_is_not_offered_is_refused(as_olivia: Client, answer: Message) -> None:
    model = a_model(model_id="small", enabled=False)
    context = f"{answer.conversation.get_absolute_url()}context/"
    fields = {"keep": "summary", "summary": "900", "summary_model": str(model.pk)}
    assert as_olivia.post(context, fields).status_code == 422
    assert as_olivia.post(context, {**fields, "keep": "all"}).status_code == 302


def test_a_page_that_lacks_it_is_given_it(as_olivia: Client, answer: Message) -> None:
    rows = Message.objects.select_related("generation").order_by("created_at")
    shown = ",".join(
        f"{row.dom_id[2:]}:{row.generation.stamp if row.role == 'assistant' else ''}"
        for row in rows
    )
    changes = f"{answer.conversation.get_absolute_url()}changes/"
    html = as_olivia.get(changes, {"shown": shown}, headers=HTMX).content.decode()
    assert f'hx-target="#{answer.dom_id}" hx-swap="outerHTML"' in html
    assert html.count("<article") == 1


def test_summaries_cost_a_page_no_query(
    as_olivia: Client, answer: Message, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page(as_olivia, answer)
    with CaptureQueriesContext(connection) as with_one:
        page(as_olivia, answer)
    for text in ("answer 0", "answer 2"):
        a_summary(Message.objects.get(content=text))
    with django_assert_num_queries(len(with_one)):
        page(as_olivia, answer)


def test_a_stranger_finds_none_of_it(as_sam: Client, answer: Message) -> None:
    Summary.objects.update(state=SummaryState.FAILED)
    assert as_sam.get(address(answer)).status_code == 404
    for act in ("", "again/", "delete/"):
        assert as_sam.post(address(answer, act), {"text": "Mine."}).status_code == 404
    assert Summary.objects.get().text == TEXT
