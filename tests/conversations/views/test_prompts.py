"""Using a saved prompt: found by its name, its gaps filled in, put into the message box."""

import tracemalloc

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from chatsite.models import User
from conversations.drafts import draft_of
from conversations.models import Prompt
from tests.chats import a_conversation
from tests.library import a_prompt

HTMX = {"HX-Request": "true"}


def found(client: Client, query: str) -> str:
    return client.get("/prompts/", {"q": query}, headers=HTMX).content.decode()


def test_the_list_over_the_composer_finds_by_words_in_the_name(
    as_olivia: Client, olivia: User
) -> None:
    a_prompt(olivia, "Weekly report")
    a_prompt(None, "翻译成英文")
    assert "Weekly report" in found(as_olivia, "REP week")
    assert "翻译成英文" in found(as_olivia, "英")
    assert "No saved prompt is called" in found(as_olivia, "nothing")


@pytest.mark.parametrize("count", [0, 20])
def test_the_list_over_the_composer_is_short_and_one_query(
    as_olivia: Client, olivia: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        a_prompt(olivia, f"n{number}")
    with django_assert_num_queries(3):
        page = found(as_olivia, "")
    assert page.count('role="option"') == min(count, 12)


def test_a_prompt_is_put_into_a_new_chat_by_a_link(as_olivia: Client, olivia: User) -> None:
    prompt = a_prompt(olivia, text="Sum <this> up.")
    assert f'href="/?prompt={prompt.pk}"' in as_olivia.get("/prompts/").content.decode()
    page = as_olivia.get(f"/?prompt={prompt.pk}").content.decode()
    assert "Sum &lt;this&gt; up.</textarea>" in page


def test_or_into_the_chat_that_one_came_from(as_olivia: Client, olivia: User) -> None:
    prompt, chat = a_prompt(olivia), a_conversation(olivia)
    address = f"{chat.get_absolute_url()}?prompt={prompt.pk}"
    assert address in as_olivia.get(f"/prompts/?chat={chat.pk}").content.decode()
    assert "Sum this up.</textarea>" in as_olivia.get(address).content.decode()


def test_a_stranger_s_prompt_is_put_nowhere(as_sam: Client, olivia: User, sam: User) -> None:
    prompt, chat = a_prompt(olivia), a_conversation(sam)
    for address in ("/", chat.get_absolute_url()):
        assert as_sam.get(f"{address}?prompt={prompt.pk}").status_code == 404


def test_gaps_are_asked_for_and_what_was_typed_before_stays(
    as_olivia: Client, olivia: User
) -> None:
    prompt = a_prompt(olivia, text="Translate into {{language}}: {{text}}")
    as_olivia.post("/c/draft/", {"text": "Before", "send_id": str(prompt.pk)})
    page = as_olivia.get(f"/prompts/{prompt.pk}/use/").content.decode()
    assert page.index(">language</label>") < page.index(">text</label>")
    filling = {"gap-0": "French", "gap-1": "{{language}}"}
    assert as_olivia.post(f"/prompts/{prompt.pk}/use/", filling)["Location"] == "/"
    assert draft_of(olivia, None) == "Before\n\nTranslate into French: {{language}}"


def test_gaps_are_filled_for_the_chat_that_asks(as_olivia: Client, olivia: User) -> None:
    prompt, chat = a_prompt(olivia, text="To {{a}}"), a_conversation(olivia)
    address = f"/prompts/{prompt.pk}/use/?chat={chat.pk}"
    assert as_olivia.post(address, {"gap-0": "you"})["Location"] == chat.get_absolute_url()
    assert draft_of(olivia, chat) == "To you"


def test_a_prompt_is_not_put_into_a_strangers_chat(as_sam: Client, olivia: User, sam: User) -> None:
    prompt, chat = a_prompt(sam, text="To {{a}}"), a_conversation(olivia)
    assert as_sam.post(f"/prompts/{prompt.pk}/use/?chat={chat.pk}").status_code == 404
    assert draft_of(olivia, chat) == ""


def test_more_than_a_message_holds_is_refused(
    as_olivia: Client, olivia: User, settings: Settings
) -> None:
    settings.MESSAGE_LIMIT_BYTES = 1024
    prompt = a_prompt(olivia, text="{{a}}" * 3)
    response = as_olivia.post(f"/prompts/{prompt.pk}/use/", {"gap-0": "x" * 600})
    assert response.status_code == 422
    assert "too long" in response.content.decode()


def test_what_would_be_gigabytes_is_refused_before_it_is_made(
    as_olivia: Client, olivia: User
) -> None:
    prompt = a_prompt(olivia, text="{{a}}" * 2_000)
    tracemalloc.start()
    response = as_olivia.post(f"/prompts/{prompt.pk}/use/", {"gap-0": "x" * 200_000})
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code == 422
    assert peak < 50_000_000


def test_over_the_composer_the_text_has_a_slot_for_each_gap(
    as_olivia: Client, olivia: User
) -> None:
    prompt = a_prompt(olivia, text="  <b> {{a}}\n{{a}}")
    page = as_olivia.get(f"/prompts/{prompt.pk}/use/", headers=HTMX).content.decode()
    slot = '<slot name="gap-0"></slot>'
    assert f"<template>  &lt;b&gt; {slot}\n{slot}</template>" in page


def test_text_is_kept_as_it_was_written(as_olivia: Client, olivia: User) -> None:
    as_olivia.post("/prompts/new/", {"name": "P", "text": "  a\r\n\r\nb  "})
    assert Prompt.objects.get(owner=olivia).text == "  a\n\nb  "
