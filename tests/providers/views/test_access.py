"""Each address, tried without the permission, by a stranger who has it, and by nobody."""

from uuid import uuid4

import pytest
from django.test import Client

from chatsite.models import User
from providers.models import Provider
from tests.chats import a_conversation
from tests.people import may_own_providers
from tests.upstream import Upstream

HERS = ["/providers/{id}/", "/providers/{id}/delete/", "/providers/{id}/models/"]
POSTS = ["/providers/{id}/fetch/", "/providers/{id}/check/"]
ALL = ["/providers/", "/providers/new/", *HERS]
FIELDS = {"name": "Taken over", "base_url": "https://evil.example/v1", "route_order": "fastest"}


def at(pattern: str, provider: Provider) -> str:
    return pattern.format(id=provider.pk)


@pytest.mark.parametrize("pattern", [*ALL, *POSTS])
def test_without_the_permission_there_is_no_such_page(
    as_olivia: Client, olivia: User, own: Provider, pattern: str
) -> None:
    olivia.user_permissions.clear()
    assert as_olivia.get(at(pattern, own)).status_code == 404
    assert as_olivia.post(at(pattern, own), FIELDS).status_code == 404
    assert Provider.objects.get().name == "Mine"


@pytest.mark.parametrize("pattern", [*HERS, *POSTS])
def test_a_stranger_gets_the_same_404_as_for_nothing(
    as_sam: Client, sam: User, own: Provider, pattern: str
) -> None:
    may_own_providers(sam)
    theirs, nothing = as_sam.post(at(pattern, own)), as_sam.post(pattern.format(id=uuid4()))
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert len(theirs.content) == len(nothing.content)
    assert Provider.objects.get() == own


def test_an_administrator_gets_it_in_the_admin_alone(as_ada: Client, own: Provider) -> None:
    assert as_ada.get(at(HERS[0], own)).status_code == 404
    assert "Mine" not in as_ada.get("/providers/").content.decode()


def test_a_site_wide_provider_is_nobodys_own(as_ada: Client, provider: Provider) -> None:
    assert as_ada.get(at(HERS[0], provider)).status_code == 404


@pytest.mark.parametrize("pattern", ALL)
def test_nobody_is_sent_to_log_in(client: Client, own: Provider, pattern: str) -> None:
    there = client.get(at(pattern, own))["Location"]
    assert there == f"/accounts/login/?next={at(pattern, own)}"


@pytest.mark.parametrize("pattern", [*HERS, *POSTS, "/providers/new/"])
def test_nobody_changes_nothing(client: Client, own: Provider, pattern: str) -> None:
    there = client.post(at(pattern, own), FIELDS)["Location"]
    assert there == "/accounts/login/?next=/providers/"
    assert Provider.objects.get().name == "Mine"


def test_asking_the_service_takes_a_post(
    as_olivia: Client, own: Provider, service: Upstream
) -> None:
    fetch, check = (as_olivia.get(at(pattern, own)) for pattern in POSTS)
    assert fetch.status_code == 405
    assert check["Location"] == at(HERS[0], own)
    assert service.journal == []


@pytest.mark.parametrize("pattern", [*HERS, *POSTS, "/providers/new/"])
def test_without_a_csrf_token_nothing_is_done(owner: User, own: Provider, pattern: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post(at(pattern, own), FIELDS).status_code == 403
    assert Provider.objects.get().name == "Mine"


@pytest.mark.parametrize("address", ["/", "/c/"])
def test_the_menu_leads_there_only_with_the_permission(
    as_olivia: Client, as_sam: Client, owner: User, address: str
) -> None:
    assert 'href="/providers/"' in as_olivia.get(address).content.decode()
    assert 'href="/providers/"' not in as_sam.get(address).content.decode()


def test_a_conversation_is_kept_when_its_provider_goes(
    as_olivia: Client, owner: User, own: Provider
) -> None:
    conversation = a_conversation(owner)
    conversation.model = own.models.create(model_id="m")
    conversation.save()
    as_olivia.post(at(HERS[1], own))
    assert not Provider.objects.exists()
    assert as_olivia.get(conversation.get_absolute_url()).status_code == 200
