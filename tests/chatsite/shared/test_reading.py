"""A shared chat as a stranger reads it."""

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations.models import Conversation, Message
from conversations.sharing import Terms, share, update
from tests.chats import a_conversation, add_turn
from tests.shares import PNG, a_share, add_picture


def test_whoever_has_the_address_reads_it(client: Client, olivia: User) -> None:
    page = client.get(a_share(olivia, "On lamps", 2).get_absolute_url())
    assert page.status_code == 200
    assert all(words in page.text for words in ("On lamps", "question 0", "answer 1"))


def test_nothing_of_its_owner_is_in_it(client: Client, olivia: User) -> None:
    olivia.email = "olivia@example.org"
    olivia.save()
    chat = a_conversation(olivia, "On lamps", turns=1)
    chat.instruct("You are a pirate")
    Message.objects.filter(conversation=chat).update(reasoning="I am told to be a pirate")
    page = client.get(share(chat, Terms()).get_absolute_url()).text
    assert not any(word in page for word in ("olivia", "pirate", "example.org", str(chat.pk)))


def test_the_name_is_there_if_it_was_chosen(client: Client, olivia: User) -> None:
    assert "Shared by olivia" in client.get(a_share(olivia, with_name=True).get_absolute_url()).text


def test_nothing_can_be_sent_from_it_and_no_cookie_is_set(client: Client, olivia: User) -> None:
    response = client.get(a_share(olivia).get_absolute_url())
    assert "<form" not in response.text
    assert not response.cookies


def test_nobody_is_told_who_reads(as_sam: Client, olivia: User) -> None:
    assert "sam" not in as_sam.get(a_share(olivia).get_absolute_url()).text


def test_it_is_not_to_be_listed(client: Client, olivia: User) -> None:
    page = client.get(a_share(olivia).get_absolute_url()).text
    assert '<meta name="robots" content="noindex' in page


def test_what_is_said_is_escaped(client: Client, olivia: User) -> None:
    chat = Conversation.objects.create(owner=olivia, title="<i>Lamps</i>")
    chat.show(add_turn(chat, "<script>1</script>", "<img src=x onerror=1>"), None)
    page = client.get(share(chat, Terms()).get_absolute_url()).text
    assert not any(each in page for each in ("<script>1", "<img", "<i>Lamps"))


def test_a_long_one_comes_page_by_page(client: Client, olivia: User) -> None:
    address = a_share(olivia, turns=25).get_absolute_url()
    first, second = client.get(address).text, client.get(f"{address}?page=2").text
    assert ("question 19" in first, "question 20" in first) == (True, False)
    assert ("question 19" in second, "question 20" in second) == (False, True)


@pytest.mark.parametrize("page", ["0", "99", "9" * 30])
def test_a_page_that_it_has_not_is_not_there(client: Client, olivia: User, page: str) -> None:
    response = client.get(f"{a_share(olivia).get_absolute_url()}?page={page}")
    assert response.status_code == (200 if page == "9" * 30 else 404)


@pytest.mark.parametrize("turns", [1, 20])
def test_it_asks_few_questions(
    client: Client, olivia: User, turns: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = a_share(olivia, turns=turns).get_absolute_url()
    with django_assert_num_queries(4):
        client.get(address)


def test_its_images_are_had_at_its_own_address(client: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    add_picture(chat)
    shared = share(chat, Terms())
    address = f"{shared.get_absolute_url()}images/1/0/"
    assert f'src="{address}"' in client.get(shared.get_absolute_url()).text
    found = client.get(address)
    assert (found.content, found["Content-Type"]) == (PNG, "image/png")
    assert found["Content-Security-Policy"].endswith("sandbox")


def test_an_image_of_another_share_is_not_there(client: Client, olivia: User) -> None:
    with_image, without = a_share(olivia), a_share(olivia)
    add_picture(with_image.conversation)
    update(with_image)
    assert client.get(f"{without.get_absolute_url()}images/1/0/").status_code == 404


def test_an_image_behind_a_password_is_not_there(client: Client, olivia: User) -> None:
    shared = a_share(olivia, password="open sesame")
    add_picture(shared.conversation)
    update(shared)
    assert client.get(f"{shared.get_absolute_url()}images/1/0/").status_code == 404
