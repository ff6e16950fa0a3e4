"""Who meets whom, each on a Postgres and in a process of its own: see `test_meetings`."""

from functools import partial
from uuid import uuid4

from django.utils import timezone

from chatsite.models import User
from conversations.adopting import adopt
from conversations.arranging import Act, Wanted, arrange
from conversations.erasing import erase
from conversations.folders import delete_folder, restore_folder
from conversations.generation.outcome import Outcome
from conversations.generation.store import Written, finish
from conversations.locks import lock_chats, lock_owner, locked, locked_folder
from conversations.models import Conversation, Folder, Message, Share
from conversations.models.conversation import ConversationQuerySet
from conversations.models.generation import State
from conversations.rows import MOST_PINNED
from conversations.sharing import revoke, update
from conversations.walks import mark_under
from tests import people
from tests.chats import a_conversation, a_model, add_turn, asked
from tests.faults.meeting import meet
from tests.shares import a_share


def somebody() -> User:
    return people.person(uuid4().hex)


def revoking_what_is_brought_up_to_date() -> str:
    shared = a_share(somebody())
    said = meet(partial(update, shared), partial(revoke, shared))
    assert not Share.objects.filter(pk=shared.pk).exists()
    return said


def bringing_up_to_date_what_is_revoked() -> str:
    shared = a_share(somebody())
    return meet(partial(revoke, shared), partial(update, shared))


def going_on_from_what_is_revoked() -> str:
    shared, reader = a_share(somebody()), somebody()
    return meet(partial(revoke, shared), partial(adopt, shared, reader, uuid4()))


def going_on_from_what_is_brought_up_to_date() -> str:
    shared, reader = a_share(somebody()), somebody()
    shared.conversation.show(add_turn(shared.conversation, "later", "much later"), None)
    said = meet(partial(update, shared), partial(adopt, shared, reader, uuid4()))
    assert Message.objects.filter(conversation__owner=reader).count() == 4
    return said


def erasing_all_while_one_is_asked() -> str:
    """Who sends holds the chat first, then its owner."""
    owner = somebody()
    chats = Conversation.objects.filter(pk=a_conversation(owner, turns=1).pk)
    said = meet(partial(lock_chats, chats), partial(erase, owner), partial(lock_owner, owner.pk))
    assert not Conversation.objects.for_user(owner).exists()
    return said


def an_answer_that_ends_while_it_is_deleted() -> str:
    """Who deletes messages holds their conversation first."""
    sent = asked(somebody(), a_model(model_id=uuid4().hex))
    assert sent.order
    end = partial(finish, sent.order, Written("Whole.", ""), Outcome(State.COMPLETE))
    delete = partial(mark_under, sent.answer.pk, None, timezone.now())
    said = meet(partial(locked, sent.conversation), end, delete)
    assert Message.objects.get(pk=sent.answer.pk).content == "Whole."
    return said


def deleting_a_folder_while_a_chat_of_it_is_moved() -> str:
    """Who moves chats holds them first, then the folder."""
    folder, chats = a_filed_chat()
    other = partial(delete_folder, folder.owner, folder)
    then = partial(locked_folder, folder.pk, folder.owner_id)
    return meet(partial(lock_chats, chats), other, then)


def bringing_a_folder_back_while_a_chat_of_it_is_moved() -> str:
    folder, chats = a_filed_chat()
    delete_folder(folder.owner, folder)
    folder.refresh_from_db()
    row = Folder.objects.select_for_update(no_key=True)
    other = partial(restore_folder, folder.owner, folder)
    return meet(partial(lock_chats, chats), other, partial(row.get, pk=folder.pk))


def a_filed_chat() -> tuple[Folder, ConversationQuerySet]:
    folder = Folder.objects.create(owner=somebody(), name="Work")
    chat = a_conversation(folder.owner)
    chats = Conversation.objects.filter(pk=chat.pk)
    chats.update(folder=folder)
    return folder, chats


def moving_chats_back_into_two_folders() -> str:
    """Two who do it, each with its own order of the chats."""
    owner = somebody()
    low, high = sorted(Folder.objects.create(owner=owner, name=name).pk for name in "ab")
    chats = [a_conversation(owner).pk for _ in range(2)]
    back = Wanted(Act.MOVE_BACK, chats, [high, low])
    hold = [partial(locked_folder, folder, owner.pk) for folder in (low, high)]
    return meet(hold[0], partial(arrange, owner, back), hold[1])


def pinning_two_where_there_is_room_for_one() -> str:
    owner = somebody()
    now, most = timezone.now(), range(MOST_PINNED - 1)
    pinned = (Conversation(owner=owner, title="Pinned", pinned_at=now) for _ in most)
    Conversation.objects.bulk_create(pinned)
    chats = [a_conversation(owner).pk for _ in range(2)]
    one, other = (partial(arrange, owner, Wanted(Act.PIN, [chat])) for chat in chats)
    return meet(one, other)
