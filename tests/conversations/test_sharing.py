"""The copy that is shared: what is in it, what never is, and when it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations import sharing
from conversations.models import Conversation, Generation, Picture, Share, SharedPicture
from conversations.models.generation import State
from conversations.sharing import Terms, TooManyShares, revoke, share, shares_of, update
from tests.chats import a_conversation, add_turn
from tests.shares import PNG, a_share, add_picture


def texts(shared: Share) -> list[str]:
    return list(shared.messages.values_list("content", flat=True))


def readable() -> list[Share]:
    return list(Share.objects.readable(timezone.now()))


def test_it_holds_the_branch_in_view_in_its_order(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    first = chat.leaf_id
    chat.show(add_turn(chat, "another way", "hidden"), None)
    assert first
    chat.turn_to(first)
    assert texts(share(chat, Terms())) == ["question 0", "answer 0"]


def test_what_is_said_later_is_not_in_it(olivia: User) -> None:
    shared = a_share(olivia)
    shared.conversation.show(add_turn(shared.conversation, "later", "much later"), None)
    assert texts(shared) == ["question 0", "answer 0"]


def test_a_message_that_changes_leaves_the_copy_as_it_was(olivia: User) -> None:
    shared = a_share(olivia)
    for message in shared.conversation.messages.all():
        message.keep(content="changed", html="<p>changed</p>")
    assert texts(shared) == ["question 0", "answer 0"]


def test_brought_up_to_date_it_keeps_its_address_and_its_terms(olivia: User) -> None:
    shared = a_share(olivia, days=7, with_name=True)
    before = (shared.token, shared.expires_at, shared.author_name)
    shared.conversation.show(add_turn(shared.conversation, "later", "much later"), None)
    shared.conversation.rename("On candles")
    update(shared)
    shared.refresh_from_db()
    assert texts(shared)[-1] == "much later"
    assert shared.title == "On candles"
    assert (shared.token, shared.expires_at, shared.author_name) == before


def test_an_answer_that_is_being_written_is_not_in_it_yet(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    chat.show(add_turn(chat, "and then", "half of", State.RUNNING), None)
    assert texts(share(chat, Terms())) == ["question 0", "answer 0", "and then"]


def test_an_answer_that_failed_without_a_word_is_left_out(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    chat.show(add_turn(chat, "and then", "", State.FAILED), None)
    assert texts(share(chat, Terms()))[-1] == "and then"


def test_its_images_are_copies_too(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    add_picture(chat)
    share(chat, Terms())
    Picture.objects.all().delete()
    assert bytes(SharedPicture.objects.get().data) == PNG


def test_images_that_are_too_much_are_told_of(
    olivia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MOST_IMAGE_BYTES", len(PNG))
    chat = a_conversation(olivia, turns=1)
    for number in range(2):
        add_picture(chat, number)
    share(chat, Terms())
    assert [bool(each.refusal) for each in SharedPicture.objects.all()] == [False, True]


def test_addresses_are_long_and_never_the_same(olivia: User) -> None:
    tokens = {a_share(olivia).token for _ in range(20)}
    assert {len(token) for token in tokens} == {43}
    assert len(tokens) == 20


def test_the_name_is_given_only_if_chosen(olivia: User) -> None:
    assert a_share(olivia).author_name == ""
    assert a_share(olivia, with_name=True).author_name == "olivia"


def test_it_ends_when_its_time_is_over(olivia: User) -> None:
    shared = a_share(olivia, days=1)
    assert readable() == [shared]
    Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert readable() == []


def test_it_ends_with_its_conversation_and_comes_back_with_it(olivia: User) -> None:
    shared = a_share(olivia)
    shared.conversation.delete_softly()
    assert readable() == []
    shared.conversation.restore()
    assert readable() == [shared]


def test_a_conversation_that_is_gone_for_good_takes_it_along(olivia: User) -> None:
    a_share(olivia)
    Conversation.objects.all().delete()
    assert not Share.objects.exists()


def test_it_ends_with_its_owner(olivia: User) -> None:
    a_share(olivia)
    User.objects.filter(pk=olivia.pk).update(is_active=False)
    assert readable() == []
    olivia.delete()
    assert not Share.objects.exists()


def test_a_stranger_has_none_of_it(olivia: User, sam: User) -> None:
    shared = a_share(olivia)
    assert list(shares_of(olivia)) == [shared]
    assert list(shares_of(sam)) == []


def test_where_the_site_shares_nothing_nobody_has_any(olivia: User, settings: Settings) -> None:
    a_share(olivia)
    settings.SHARING = False
    assert list(shares_of(olivia)) == []


def test_nobody_shares_without_end(olivia: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "MOST_SHARES", 1)
    a_share(olivia)
    with pytest.raises(TooManyShares):
        a_share(olivia)


def test_a_deleted_conversation_cannot_be_shared(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    chat.delete_softly()
    with pytest.raises(Conversation.DoesNotExist):
        share(chat, Terms())


def test_a_long_chat_costs_few_queries(
    olivia: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    chat = a_conversation(olivia, turns=90)
    with django_assert_max_num_queries(16):
        share(chat, Terms())
    assert Generation.objects.count() == 90


@pytest.mark.parametrize("act", [update, revoke])
def test_what_was_revoked_meanwhile_is_gone(olivia: User, act: Callable[[Share], None]) -> None:
    shared = a_share(olivia)
    Share.objects.all().delete()
    with pytest.raises(Share.DoesNotExist):
        act(shared)
