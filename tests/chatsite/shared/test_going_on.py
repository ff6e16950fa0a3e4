"""Going on from a shared chat, at its address."""

from uuid import uuid4

import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Conversation, Share
from tests.shares import a_share


@pytest.fixture
def shared(olivia: User) -> Share:
    return a_share(olivia, "On lamps")


def test_nobody_is_led_to_the_log_in_and_back(client: Client, shared: Share) -> None:
    address = f"{shared.get_absolute_url()}continue/"
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"
    assert client.post(address).status_code == 302
    assert Conversation.objects.count() == 1


def test_looking_makes_nothing(as_sam: Client, shared: Share) -> None:
    page = as_sam.get(f"{shared.get_absolute_url()}continue/").text
    assert "On lamps" in page
    assert Conversation.objects.count() == 1


def test_a_reader_gets_a_chat_of_their_own(as_sam: Client, sam: User, shared: Share) -> None:
    address = f"{shared.get_absolute_url()}continue/"
    response = as_sam.post(address, {"key": str(uuid4())})
    made = Conversation.objects.for_user(sam).get()
    assert response["Location"] == made.get_absolute_url()
    assert "question 0" in as_sam.get(made.get_absolute_url()).text


def test_nonsense_for_a_key_is_as_none(as_sam: Client, sam: User, shared: Share) -> None:
    as_sam.post(f"{shared.get_absolute_url()}continue/", {"key": "x\x00"})
    assert Conversation.objects.for_user(sam).count() == 1


def test_behind_a_password_it_is_asked_for_first(as_sam: Client, sam: User, olivia: User) -> None:
    locked = a_share(olivia, "On candles", password="open sesame")
    response = as_sam.post(f"{locked.get_absolute_url()}continue/", {"key": str(uuid4())})
    assert "This chat has a password" in response.text
    assert not Conversation.objects.for_user(sam).exists()
