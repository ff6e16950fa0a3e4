"""What another process is sent of a run, put together there as `mirror` does."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from conversations.generation.live import Live
from conversations.generation.mirror import Mirror
from conversations.generation.relay import Reader

ACTS = st.lists(st.sampled_from(["write", "think", "take back", "pass on", "lose", "ask"]))


def test_a_reader_is_sent_what_it_lacks_and_then_nothing() -> None:
    live, reader = Live(), Reader(until=0)
    live.write("one ")
    first = reader.take(live)
    live.write("two")
    second = reader.take(live)
    assert first
    assert second
    assert (first["text"], second["at"], second["text"]) == ("one ", [4, 0], "two")
    assert reader.take(live) is None


def test_the_end_is_told_though_there_is_no_more_text() -> None:
    live, reader = Live(), Reader(until=0)
    live.ended = True
    told = reader.take(live)
    assert told
    assert told["ended"] is True


@given(acts=ACTS)
async def test_whatever_is_lost_the_mirror_has_the_same_once_it_has_asked(acts: list[str]) -> None:
    live, mirrored, reader = Live(), Mirror(uuid4()), Reader(until=0)
    for number, act in enumerate([*acts, "ask"]):
        if act == "write":
            live.write(f"w{number} ")
        elif act == "think":
            live.think(f"t{number} ")
        elif act == "take back":
            live.take_back()
        elif act == "ask":
            reader = Reader(until=0)
        more = reader.take(live) if act in {"pass on", "lose", "ask"} else None
        if more and act != "lose":
            mirrored.hear(more)
        seen = (mirrored.live.text, mirrored.live.reasoning)
        assert act != "ask" or not more or seen == (live.text, live.reasoning)
