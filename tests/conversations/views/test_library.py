"""Presets and saved prompts: one's own to keep and change, the site's to use, nobody else's."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.gaps import gaps_in
from conversations.models import Preset, Prompt
from conversations.views.library import PROMPTS
from tests.chats import a_conversation, a_model
from tests.library import a_preset, a_prompt

MADE: dict[str, Callable[..., Any]] = {"presets": a_preset, "prompts": a_prompt}
FIELDS = {"name": "Mine", "text": "Words"}
PAGES = ("", "delete/", "restore/", "use/")
LONG = {"presets": "system_prompt", "prompts": "text"}
NOW = timezone.now()


@pytest.fixture(params=sorted(MADE))
def shelf(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_one_is_made_and_listed(as_olivia: Client, olivia: User, shelf: str) -> None:
    response = as_olivia.post(f"/{shelf}/new/", FIELDS, follow=True)
    page = response.content.decode()
    assert "“Mine” is saved." in page
    assert page.count(">Mine<") == 1


def test_one_is_changed(as_olivia: Client, olivia: User, shelf: str) -> None:
    entry = MADE[shelf](olivia, "Before")
    as_olivia.post(f"/{shelf}/{entry.pk}/", FIELDS)
    entry.refresh_from_db()
    assert (entry.name, entry.owner) == ("Mine", olivia)


def test_without_a_name_it_is_refused_and_what_was_written_stays(
    as_olivia: Client, shelf: str
) -> None:
    fields = {"name": "", "text": "kept words", "system_prompt": "kept words"}
    response = as_olivia.post(f"/{shelf}/new/", fields)
    assert response.status_code == 422
    assert "kept words" in response.content.decode()


def test_a_change_that_is_refused_changes_nothing(
    as_olivia: Client, olivia: User, shelf: str
) -> None:
    entry = MADE[shelf](olivia, "Before")
    page = as_olivia.post(f"/{shelf}/{entry.pk}/", {"name": ""}).content.decode()
    assert '<h1 dir="auto">Before</h1>' in page


def test_deleting_can_be_taken_back(as_olivia: Client, olivia: User, shelf: str) -> None:
    entry = MADE[shelf](olivia, "Dear one")
    page = as_olivia.post(f"/{shelf}/{entry.pk}/delete/", follow=True).content.decode()
    assert "“Dear one” was deleted." in page
    assert f'action="/{shelf}/{entry.pk}/restore/"' in page
    page = as_olivia.post(f"/{shelf}/{entry.pk}/restore/", follow=True).content.decode()
    assert "“Dear one” is here again." in page


def test_what_is_deleted_is_as_if_it_never_was(as_olivia: Client, olivia: User, shelf: str) -> None:
    entry = MADE[shelf](olivia, "Gone")
    entry.delete_softly()
    assert "Gone" not in as_olivia.get(f"/{shelf}/").content.decode()
    assert as_olivia.get(f"/{shelf}/{entry.pk}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_stranger_gets_404_as_for_one_that_never_was(
    as_sam: Client, olivia: User, shelf: str, page: str, is_deleted: bool
) -> None:
    entry = MADE[shelf](olivia, "Secret")
    if is_deleted:
        entry.delete_softly()
    for pk in (entry.pk, uuid4()):
        address = f"/{shelf}/{pk}/{page}"
        assert as_sam.post(address, FIELDS).status_code == 404
        assert as_sam.get(address).status_code in (404, 405)
    entry.refresh_from_db()
    assert (entry.name, bool(entry.deleted_at)) == ("Secret", is_deleted)


def test_a_stranger_is_listed_nothing_of_others(as_sam: Client, olivia: User, shelf: str) -> None:
    entry = MADE[shelf](olivia, "Secret")
    for headers in ({}, {"HX-Request": "true"}):
        assert "Secret" not in as_sam.get(f"/{shelf}/?q=se", headers=headers).content.decode()
    entry.delete_softly()
    assert "Secret" not in as_sam.get(f"/{shelf}/?deleted={entry.pk}").content.decode()


@pytest.mark.parametrize("page", ["", "new/"])
def test_nobody_is_led_to_the_log_in(client: Client, db: None, shelf: str, page: str) -> None:
    address = f"/{shelf}/{page}"
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_the_site_s_are_everybody_s_to_use_and_nobody_s_to_change(
    as_ada: Client, shelf: str
) -> None:
    entry = MADE[shelf](None, "Everybody's")
    assert "Everybody&#x27;s" in as_ada.get(f"/{shelf}/").content.decode()
    assert as_ada.post(f"/{shelf}/{entry.pk}/", FIELDS).status_code == 404
    assert as_ada.post(f"/{shelf}/{entry.pk}/delete/").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_the_same_for_any_number(
    as_olivia: Client,
    olivia: User,
    shelf: str,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        MADE[shelf](
            olivia,
            f"n{number}",
            **({"model": a_model(model_id=f"m{number}")} if shelf == "presets" else {}),
        )
    with django_assert_num_queries(3):
        as_olivia.get(f"/{shelf}/")


def test_one_user_cannot_fill_the_database(as_olivia: Client, olivia: User) -> None:
    Prompt.objects.bulk_create(
        [Prompt(owner=olivia, name="n", text="t") for _ in range(PROMPTS.most)]
    )
    page = as_olivia.post("/prompts/new/", FIELDS, follow=True).content.decode()
    assert "as many as one user may have" in page
    assert Prompt.objects.count() == PROMPTS.most


def test_nor_by_deleting_them(as_olivia: Client, olivia: User) -> None:
    Prompt.objects.bulk_create(
        [Prompt(owner=olivia, name="n", text="t", deleted_at=NOW) for _ in range(PROMPTS.most)]
    )
    page = as_olivia.post("/prompts/new/", FIELDS, follow=True).content.decode()
    assert "You deleted as many as one user may have" in page
    assert Prompt.objects.count() == PROMPTS.most


def test_nor_by_taking_it_back(as_olivia: Client, olivia: User) -> None:
    rows = [Prompt(owner=olivia, name="n", text="t") for _ in range(PROMPTS.most)]
    Prompt.objects.bulk_create(rows)
    gone = a_prompt(olivia, "Gone", deleted_at=NOW)
    page = as_olivia.post(f"/prompts/{gone.pk}/restore/", follow=True).content.decode()
    assert "as many as one user may have" in page
    assert f'action="/prompts/{gone.pk}/restore/"' in page
    assert Prompt.objects.owned_by(olivia).count() == PROMPTS.most


def test_the_list_fetches_no_long_text(as_olivia: Client, olivia: User, shelf: str) -> None:
    MADE[shelf](olivia, "Long", **{LONG[shelf]: "of many words " * 20})
    response = as_olivia.get(f"/{shelf}/")
    assert "of many words" in response.content.decode()
    assert LONG[shelf] in response.context["mine"][0].get_deferred_fields()


@pytest.mark.parametrize("text", ["{{a}}", "a {{ 语言 }} b", "{{}}", "{{ }}", "{{a\nb}}", "{ {a}}"])
def test_the_database_finds_the_same_gaps(as_olivia: Client, olivia: User, text: str) -> None:
    prompt = a_prompt(olivia, text=text)
    page = as_olivia.get("/prompts/").content.decode()
    assert (f"/prompts/{prompt.pk}/use/" in page) is bool(gaps_in(text))


@pytest.mark.parametrize("query", ["chat=x", "preset=x", "deleted=x", "chat=", "q=%00", "q=%25'"])
def test_an_address_that_makes_no_sense_is_no_fault(
    as_olivia: Client, shelf: str, query: str
) -> None:
    for page in ("", "new/"):
        assert as_olivia.get(f"/{shelf}/{page}?{query}").status_code in (200, 404)


def test_a_preset_is_made_of_a_chat(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, "Rhymes")
    chat.model = model = a_model()
    chat.instruct("In verse.")
    chat.set_parameters({"temperature": 1.5})
    chat.save()
    page = as_olivia.get(f"/presets/new/?chat={chat.pk}").content.decode()
    shown = ('value="Rhymes"', "In verse.", 'value="1.5"', f'<option value="{model.pk}" selected>')
    assert [each for each in shown if each not in page] == []


def test_a_preset_is_not_made_of_a_strangers_chat(as_sam: Client, olivia: User) -> None:
    chat = a_conversation(olivia)
    assert as_sam.get(f"/presets/new/?chat={chat.pk}").status_code == 404


def test_a_preset_of_one_s_own_is_made_of_the_site_s(as_olivia: Client) -> None:
    preset = a_preset(name="Tutor", system_prompt="Ask back.", opening="Hello")
    page = as_olivia.get(f"/presets/new/?preset={preset.pk}").content.decode()
    shown = ("Ask back.", "Hello", 'value="Tutor"')
    assert [each for each in shown if each not in page] == []


def test_parameters_of_a_preset_are_checked_like_those_of_a_chat(as_olivia: Client) -> None:
    response = as_olivia.post("/presets/new/", {"name": "Hot", "temperature": "3"})
    assert response.status_code == 422
    assert "Enter a number from 0 to 2." in response.content.decode()
    as_olivia.post("/presets/new/", {"name": "Hot", "temperature": "0", "stop": "END"})
    assert Preset.objects.get().parameters == {"temperature": 0.0, "stop": ["END"]}


def test_a_model_of_somebody_else_s_cannot_be_chosen(as_sam: Client, olivia: User) -> None:
    model = a_model()
    model.provider.owner = olivia
    model.provider.save()
    response = as_sam.post("/presets/new/", {"name": "Mine", "model": str(model.pk)})
    assert response.status_code == 422
    assert str(model.pk) not in as_sam.get("/presets/new/").content.decode()


def test_a_model_that_is_not_offered_just_now_stays_chosen(as_olivia: Client, olivia: User) -> None:
    preset = a_preset(olivia, model=a_model())
    preset.model.provider.models.update(enabled=False)  # type: ignore[union-attr]
    assert (
        as_olivia.post(
            f"/presets/{preset.pk}/", {**FIELDS, "model": str(preset.model_id)}
        ).status_code
        == 302
    )
    preset.refresh_from_db()
    assert preset.model_id


def test_a_model_that_is_not_offered_now_is_not_begun_with(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia)
    chat.model = model = a_model(enabled=False)
    chat.save()
    page = as_olivia.get(f"/presets/new/?chat={chat.pk}").content.decode()
    assert f"{model} is not offered now." in page
    assert str(model.pk) not in page


def test_a_preset_whose_model_is_gone_says_so(as_olivia: Client, olivia: User) -> None:
    preset = a_preset(olivia, model=a_model(model_id="old-model"))
    preset.model.delete()  # type: ignore[union-attr]
    page = as_olivia.get(f"/presets/{preset.pk}/").content.decode()
    assert "Its model old-model is gone." in page
