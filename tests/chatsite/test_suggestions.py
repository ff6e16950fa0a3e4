"""What an empty chat proposes: the site's own, an administrator's, or nothing."""

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import Suggestions
from chatsite.suggestions import suggested
from providers.models import Model, Provider

LIST = "/admin/chatsite/suggestions/"
ZH = {"Accept-Language": "zh-CN"}


@pytest.fixture
def model(db: None) -> Model:
    provider = Provider.objects.create(name="Relay", base_url="https://relay.test/v1")
    return Model.objects.create(provider=provider, model_id="m")


def shown(client: Client, **headers: str) -> str:
    return client.get("/", headers=headers).content.decode()


def test_the_sites_own_are_in_the_readers_language(as_olivia: Client, model: Model) -> None:
    assert 'value="Compare two options in a table"' in shown(as_olivia)
    assert 'value="用表格比较两个方案"' in shown(as_olivia, **ZH)


def test_an_administrators_take_their_place(as_olivia: Client, model: Model) -> None:
    Suggestions.objects.create(text="Plan <my> week\nWrite a poem", text_zh="安排一周")
    page = shown(as_olivia)
    assert page.count('class="suggestion"') == 2
    assert 'value="Plan &lt;my&gt; week"' in page
    assert 'value="安排一周"' in shown(as_olivia, **ZH)


def test_nothing_is_suggested_where_there_is_no_line(as_olivia: Client, model: Model) -> None:
    Suggestions.objects.create(text="")
    assert "suggestion" not in shown(as_olivia)


def test_they_cost_one_query(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        suggested()


def test_the_form_begins_with_what_is_shown(as_ada: Client) -> None:
    page = as_ada.get(f"{LIST}add/").content.decode()
    assert "Explain a hard idea in plain words" in page
    assert as_ada.post(f"{LIST}add/", {"text": " One \n\nTwo", "text_zh": ""}).status_code == 302
    assert suggested() == ["One", "Two"]


def test_there_is_one_form_for_all_of_them(as_ada: Client) -> None:
    stored = Suggestions.objects.create(text="One")
    response = as_ada.post(f"{LIST}add/", {"text": "Two", "text_zh": ""})
    assert response["Location"] == f"{LIST}{stored.pk}/change/"
    assert suggested() == ["One"]


def test_there_is_room_for_four(as_ada: Client) -> None:
    page = as_ada.post(f"{LIST}add/", {"text": "1\n2\n3\n4\n5", "text_zh": ""})
    assert "There is room for 4. Take lines away." in page.content.decode()
    assert not Suggestions.objects.exists()


def test_others_may_not_write_them(as_sam: Client) -> None:
    as_sam.post(f"{LIST}add/", {"text": "Mine", "text_zh": ""})
    assert not Suggestions.objects.exists()
