"""The style guide is for developers, and shows what it shows without a database."""

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.styleguide.messages import specimens
from chatsite.styleguide.pages import pages

SLUGS = sorted(pages())


@pytest.fixture
def developing(settings: Settings) -> None:
    settings.DEBUG = True


@pytest.mark.parametrize("path", ["/styleguide/", "/styleguide/chat/"])
def test_where_nobody_develops_there_is_none(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("developing")
def test_it_shows_each_state_of_a_message(client: Client) -> None:
    text = client.get("/styleguide/").content.decode()
    assert [each.name for each in specimens() if str(each.name) not in text] == []
    assert text.count("<article") == len(specimens())


@pytest.mark.usefixtures("developing")
@pytest.mark.parametrize("slug", SLUGS)
def test_each_page_is_shown_as_it_is_answered(client: Client, slug: str) -> None:
    assert client.get(f"/styleguide/{slug}/").status_code == pages()[slug].status


@pytest.mark.usefixtures("developing")
def test_a_page_that_it_has_not_is_not_found(client: Client) -> None:
    assert client.get("/styleguide/nothing/").status_code == 404
