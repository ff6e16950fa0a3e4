"""Every page of the desk, whatever it is about."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import JSONField
from django.test import Client
from django.urls import reverse

from chatsite.models import Announcement, SignupRequest, Suggestions, User
from providers.models import Call, Model, Provider
from tests.chats import a_conversation, add_turn
from tests.library import a_preset, a_prompt

REGISTERED = sorted(admin.site._registry, key=str)
LISTS = [reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
         for model in REGISTERED]  # fmt: skip
ADDS = [
    reverse(f"admin:{name}_add")
    for name in ("providers_provider", "providers_model", "chatsite_user", "auth_group",
                 "chatsite_announcement", "conversations_preset", "conversations_prompt")
]  # fmt: skip
OTHERS = ["/admin/", "/admin/usage/", "/admin/providers/", "/admin/password_change/"]


@pytest.fixture
def rows(olivia: User) -> list[str]:
    """One of each, and the address of its page."""
    provider = Provider.objects.create(name="Relay", base_url="https://relay.test/v1")
    conversation = a_conversation(olivia)
    made = [
        provider,
        Model.objects.create(provider=provider, model_id="m"),
        Call.objects.create(model_name="m", kind="chat", outcome="complete", seconds=1),
        add_turn(conversation, "q", "a").generation,
        olivia,
        Group.objects.create(name="readers"),
        Announcement.objects.create(text="Hello"),
        SignupRequest.objects.create(username="nora"),
        Suggestions.objects.create(text="Say hello"),
        a_preset(),
        a_prompt(),
    ]
    return [
        reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
        for row in made
    ]


def test_there_is_a_row_for_each_kind(rows: list[str]) -> None:
    assert len(rows) == len(REGISTERED)


def test_all_pages_have_the_sites_own_look_and_run_no_script_of_their_own(
    as_ada: Client, rows: list[str]
) -> None:
    for address in [*LISTS, *ADDS, *OTHERS, *rows]:
        page = as_ada.get(address).content.decode()
        assert "css/desk.css" in page, address
        assert not re.findall(r"admin/css/(?!unusable)\w+", page), address
        assert not re.findall(r"<style|\son\w+=|\sstyle=", page), address


def test_no_page_shows_raw_json(as_ada: Client, rows: list[str]) -> None:
    for address in rows:
        form = as_ada.get(address).context["adminform"].form
        shown = form._meta.model._meta.fields
        json = {field.name for field in shown if isinstance(field, JSONField)}
        assert not json & set(form.fields), address


def test_strangers_come_by_none_of_them(as_sam: Client, rows: list[str]) -> None:
    for address in [*LISTS, *ADDS, *OTHERS, *rows]:
        assert as_sam.get(address)["Location"].startswith("/admin/login/"), address


@pytest.mark.parametrize("model", REGISTERED, ids=str)
def test_every_list_can_be_searched(model: type) -> None:
    assert admin.site._registry[model].search_fields


@pytest.mark.parametrize("address", LISTS)
def test_a_search_finds_nothing_rather_than_failing(as_ada: Client, address: str) -> None:
    assert as_ada.get(f"{address}?q=%27%25+x").status_code == 200


def test_each_page_leads_back_to_the_chats(as_ada: Client) -> None:
    assert '<a href="/">Back to the chats</a>' in as_ada.get("/admin/").content.decode()
