"""An answer of another process, as it is followed here from the database and from hints."""

import asyncio
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from conversations.generation import mirror
from conversations.generation.follow import follow
from conversations.generation.live import Update
from conversations.generation.mirror import Mirror
from conversations.hints import Hint
from conversations.models import Generation, Message
from conversations.models.generation import State
from tests import people
from tests.chats import a_conversation, a_model, add_turn, asked


def a_hint(at: tuple[int, int], text: str = "", reasoning: str = "", ended: bool = False) -> Hint:
    return {"at": list(at), "text": text, "reasoning": reasoning, "ended": ended}


def heard(*sent: Hint) -> Mirror:
    mirrored = Mirror(uuid4())
    for each in sent:
        mirrored.hear(each)
    return mirrored


async def test_what_goes_on_from_here_is_added() -> None:
    mirrored = heard(a_hint((0, 0), "one "), a_hint((4, 0), "two", "why"))
    assert (mirrored.live.text, mirrored.live.reasoning) == ("one two", "why")


async def test_a_gap_is_never_filled_by_a_guess() -> None:
    mirrored = heard(a_hint((0, 0), "one "), a_hint((8, 0), "three"))
    assert (mirrored.live.text, mirrored.is_behind) == ("one ", True)


async def test_the_whole_closes_a_gap() -> None:
    mirrored = heard(a_hint((0, 0), "one "), a_hint((8, 0), "3"), a_hint((0, 0), "one two 3"))
    assert (mirrored.live.text, mirrored.is_behind) == ("one two 3", False)


async def test_a_second_gap_before_the_whole_came_is_still_a_gap() -> None:
    mirrored = heard(a_hint((0, 0), "one "), a_hint((8, 0), "three"), a_hint((13, 0), "four"))
    assert (mirrored.live.text, mirrored.is_behind) == ("one ", True)


async def test_what_is_heard_twice_is_there_once() -> None:
    mirrored = heard(a_hint((0, 0), "one "), a_hint((4, 0), "two"), a_hint((4, 0), "two"))
    assert mirrored.live.text == "one two"


async def test_text_that_was_reasoning_after_all_leaves_the_answer() -> None:
    mirrored = heard(a_hint((0, 0), "let me see"), a_hint((0, 0), "", "let me see"))
    assert (mirrored.live.text, mirrored.live.reasoning) == ("", "let me see")


@pytest.mark.django_db(transaction=True)
class TestWithARow:
    @pytest.fixture
    async def answer(self) -> Message:
        def ask() -> Message:
            return asked(people.olivia(), a_model()).answer

        return await sync_to_async(ask)()

    async def test_without_hints_the_row_is_followed_to_its_end(self, answer: Message) -> None:
        following = asyncio.create_task(_collect(answer))
        for text in ("so ", "so far", "so far and on"):
            await Message.objects.filter(pk=answer.pk).aupdate(content=text)
            await asyncio.sleep(0.3)
        await sync_to_async(Generation.objects.all().move)(State.COMPLETE)
        updates = await asyncio.wait_for(following, 5)
        assert "so far and on" in "".join(update.patch.frozen for update in updates)
        assert updates[-1].ended

    async def test_the_end_in_the_row_counts_and_not_what_was_heard(self, answer: Message) -> None:
        async with mirror.reading(answer.pk) as mirrored:
            mirrored.hear(a_hint((0, 0), "heard but never stored"))
            await Message.objects.filter(pk=answer.pk).aupdate(content="heard")
            await sync_to_async(Generation.objects.all().move)(State.INTERRUPTED)
            mirrored.look_now.set()
            await _ended(mirrored)
        assert mirrored.live.text == "heard"

    async def test_a_row_that_is_behind_takes_nothing_away(self, answer: Message) -> None:
        async with mirror.reading(answer.pk) as mirrored:
            mirrored.hear(a_hint((0, 0), "further than the row"))
            mirrored.look_now.set()
            await asyncio.sleep(0.2)
            assert mirrored.live.text == "further than the row"

    async def test_all_readers_share_one(self, answer: Message) -> None:
        async with mirror.reading(answer.pk) as one, mirror.reading(answer.pk) as another:
            assert one is another

    async def test_a_reader_who_comes_back_soon_gets_only_what_came_since(
        self, answer: Message
    ) -> None:
        await Message.objects.filter(pk=answer.pk).aupdate(content="# one\n\ntwo")
        first = await anext(follow(answer.pk, None))
        await Message.objects.filter(pk=answer.pk).aupdate(content="# one\n\ntwo three")
        async with asyncio.timeout(5):
            later = await anext(follow(answer.pk, first.mark))
        assert (later.patch.frozen, later.patch.text) == ("", " three")

    async def test_without_readers_for_a_while_it_is_looked_at_no_more(
        self, answer: Message, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mirror, "LINGER_S", 0.1)
        async with mirror.reading(answer.pk) as one:
            pass
        async with asyncio.timeout(5):
            while not one.live.ended:
                await asyncio.sleep(0.02)

    async def test_a_deleted_answer_ends_its_readers(self, answer: Message) -> None:
        await Message.objects.all().adelete()
        assert (await asyncio.wait_for(_collect(answer), 5))[-1].ended


@pytest.mark.django_db(transaction=True)
async def test_an_answer_of_before_comes_whole_and_at_once() -> None:
    def stored() -> Message:
        return add_turn(a_conversation(people.olivia()), "q", "*done*")

    [update] = await _collect(await sync_to_async(stored)())
    assert (update.patch.frozen, update.ended) == ("<p><em>done</em></p>\n", True)


async def _collect(answer: Message) -> list[Update]:
    return [update async for update in follow(answer.pk, None)]


async def _ended(mirrored: Mirror) -> None:
    async with asyncio.timeout(5):
        while not mirrored.live.ended:
            await asyncio.sleep(0.02)
