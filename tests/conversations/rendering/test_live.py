import asyncio
from collections.abc import Callable, Iterable
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conversations.rendering.cursor import Cursor, Patch
from conversations.rendering.live import LiveDocument
from conversations.rendering.markdown import render
from tests.conversations.rendering import documents
from tests.conversations.rendering.dom import Page
from tests.conversations.rendering.payloads import PAYLOADS
from tests.conversations.rendering.rules import violations
from tests.extent import extent


def _streamed(parts: Iterable[str]) -> LiveDocument:
    document = LiveDocument()
    for part in parts:
        document.append(part)
        document.advance()
    return document


def _finished(parts: Iterable[str]) -> LiveDocument:
    document = _streamed(parts)
    document.finish()
    return document


def _page_of(document: LiveDocument) -> str:
    page = Page()
    page.apply(document.since(None))
    return str(page)


def test_every_spec_example_char_by_char_ends_as_the_one_shot_rendering() -> None:
    wrong = [text for text in documents.spec_examples() if _finished(text).html != render(text)]
    assert wrong == []


def test_mixed_spec_examples_end_as_the_one_shot_rendering() -> None:
    mixtures = documents.spec_mixtures(300, seed=1)
    wrong = [parts for parts in mixtures if _finished(parts).html != render("".join(parts))]
    assert wrong == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(documents.TOKENS), max_size=40))
def test_odd_mixtures_end_as_the_one_shot_rendering(parts: list[str]) -> None:
    assert _finished(parts).html == render("".join(parts))


@pytest.mark.parametrize("seed", range(6))
def test_an_answer_ends_as_it_was_streamed_without_a_reset(seed: int) -> None:
    text = documents.answer(6_000, seed)
    document = _finished(documents.pieces(text, documents.seeded(seed), 20))
    assert document.html == render(text)
    assert document.epoch == 0


def test_the_text_is_kept_as_it_came() -> None:
    assert _finished(["a\r", "\nb\x00", "c"]).text == "a\r\nb\x00c"


def test_a_newline_cut_in_two_is_one_newline() -> None:
    assert _finished(["a\r", "\nb"]).html == "<p>a\nb</p>\n"


def test_a_late_definition_resets_the_readers() -> None:
    document = _streamed(["see [x]\n\nmore\n\nand [x]\n\n", "[x]: https://a.test\n"])
    cursor = document.cursor()
    document.finish()
    assert document.epoch == 1
    assert document.since(cursor) == Patch(True, document.html, "", "")


def test_finished_blocks_are_frozen_and_the_open_one_is_the_tail() -> None:
    document = _streamed(["# a\n\nb **c** d"])
    assert document.frozen == ["<h1>a</h1>\n"]
    assert document.tail == "<p>b <strong>c</strong> d</p>\n"


@pytest.mark.parametrize("line", ["#", "-", "12", "```py", "<div"])
def test_a_line_whose_block_is_not_known_yet_freezes_nothing(line: str) -> None:
    assert _streamed(["a\n", line]).frozen == []


@pytest.mark.parametrize(
    ("parts", "suffix"),
    [
        (["Some words", " and more"], " and more"),
        (["Some words ", " ", "more "], "  more"),
        (["1. ⟦0@17⟧ some", "⟦12@1700000000⟧ words, it's (so) 5 - 3 = 2!"], None),
        (["**中文。**后面", "的文字，还有。"], "的文字，还有。"),
        (["```python\nx =", " 1\n", "\ny `*_"], " 1\n\ny `*_"),
        (["| a | b |\n|-|-|\n| some", " more"], " more"),
        (["a paragraph", " ends\n"], " ends"),
    ],
    ids=["words", "blanks wait", "list and tokens", "Chinese", "code", "cell", "newline"],
)
def test_plain_continuation_is_only_added(parts: list[str], suffix: str | None) -> None:
    document = _streamed(parts)
    assert document.tail_version == 1
    assert document.suffix == ("".join(parts[1:]) if suffix is None else suffix)


@pytest.mark.parametrize(
    "parts",
    [
        ["a link www", ".x.test"],
        ["a link http:/", "/x.test"],
        ["some mail@x", ".test"],
        ["some words", " *and"],
        ["some words", "\nand"],
        ["[a](b", ")c"],
        ["[a]: /u", "rl"],
        ["| a |\n|-|\n| b | c", "d"],
        ["<div", "er"],
        ["12", "34"],
        ["```py", "thon"],
        ["```py\nx\n", "``"],
        ["    code", " here"],
        ["- a\n\n      code", " here"],
        ["# a", " #"],
    ],
    ids=lambda parts: "|".join(parts),
)
def test_text_that_may_mean_more_is_parsed(parts: list[str]) -> None:
    assert _streamed(parts).tail_version == len(parts)


def _without_fast_path(parts: Iterable[str]) -> Iterable[str]:
    document = LiveDocument()
    for part in parts:
        document.append(part)
        document._next = None
        document.advance()
        yield _normalised(_page_of(document))


def _normalised(page: str) -> str:
    """Without the border between finished and open, and the newlines between blocks."""
    return page.replace("</body><body>", "").replace(">\n", ">")


def _with_fast_path(parts: Iterable[str]) -> Iterable[str]:
    document = LiveDocument()
    for part in parts:
        document.append(part)
        document.advance()
        yield _normalised(_page_of(document))


@pytest.mark.parametrize("seed", range(extent(12, 4)))
def test_the_fast_path_shows_what_the_parser_would_at_every_prefix(seed: int) -> None:
    parts = list(
        documents.pieces(documents.answer(1_500, seed), documents.seeded(seed), 1 + seed % 4 * 5)
    )
    pairs = zip(_with_fast_path(parts), _without_fast_path(parts), strict=True)
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(documents.TOKENS), max_size=30))
def test_the_fast_path_is_right_in_odd_mixtures_too(parts: list[str]) -> None:
    # Only the finished document resolves references to definitions in frozen text.
    assume("]:" not in "".join(parts))
    assert list(_with_fast_path(parts)) == list(_without_fast_path(parts))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_shows_forbidden_markup_at_any_byte(payload: str) -> None:
    document, seen = LiveDocument(), set()
    for char in f"text {payload}\n\n- item {payload}\n\nend":
        document.append(char)
        document.advance()
        patch = document.since(None)
        seen.update(violations(patch.frozen) + violations(patch.tail or ""))
    assert not seen


def _cursors(random: Random) -> Iterable[Cursor | None]:
    yield None
    for _ in range(20):
        yield Cursor(*(random.randrange(limit) for limit in (3, 40, 200, 30)))


@pytest.mark.parametrize("seed", range(8))
def test_readers_that_look_at_random_moments_end_with_the_same_page(seed: int) -> None:
    random, document = documents.seeded(seed), LiveDocument()
    readers: list[tuple[Page, list[Cursor | None]]] = [(Page(), [None]) for _ in range(5)]
    text = documents.answer(3_000, seed) + "[ref]: https://late.test\n"
    for part in documents.pieces(text, random, 25):
        document.append(part)
        document.advance()
        for page, cursor in random.sample(readers, 2):
            page.apply(document.since(cursor[0]))
            cursor[0] = document.cursor() if random.random() < 0.95 else None
    document.finish()
    for page, cursor in readers:
        page.apply(document.since(cursor[0]))
    assert {str(page) for page, _ in readers} == {_page_of(document)}


@pytest.mark.parametrize("seed", range(12))
def test_a_reader_may_go_back_and_forth_between_two_processes(seed: int) -> None:
    random, text = documents.seeded(seed), documents.answer(3_000, seed)
    both, page, cursor, resets = [LiveDocument(1), LiveDocument(2)], Page(), None, 0
    for part in documents.pieces(text, random, 25):
        for document in both:
            document.append(part)
        asked = random.choice(both)
        asked.advance()
        patch = asked.since(cursor)
        page.apply(patch)
        cursor, resets = patch.cursor, resets + patch.reset
    both[0].finish()
    page.apply(both[0].since(cursor))
    assert str(page) == _page_of(both[0])
    # One may still hold open what the other has finished, but seldom: there are 240 looks.
    assert resets <= 12


def test_another_process_whose_blocks_differ_gives_all_of_its_own() -> None:
    one, other = LiveDocument(1), LiveDocument(2)
    for document, text in ((one, "# a\n\nb"), (other, "# x\n\nb")):
        document.append(text)
        document.advance()
    assert other.since(one.cursor()).reset


@pytest.mark.parametrize("most", [1, 300, 2_000])
def test_what_a_reader_lacks_may_come_in_steps(most: int) -> None:
    document, page = _streamed([documents.answer(9_000)]), Page()
    patches = [document.since(None, most)]
    while patches[-1].more:
        patches.append(document.since(patches[-1].cursor, most))
    for patch in patches:
        page.apply(patch)
    assert all(len(each.frozen) <= most or each.frozen in document.frozen for each in patches)
    assert len(patches) > 1
    assert str(page) == _page_of(document)


@pytest.mark.parametrize("seed", range(8))
def test_any_cursor_gets_either_everything_or_a_step_forward(seed: int) -> None:
    random = documents.seeded(seed)
    document = _streamed(documents.pieces(documents.answer(2_000, seed), random, 25))
    full = document.since(None)
    for cursor in _cursors(random):
        patch = document.since(cursor)
        assert patch == full or (not patch.reset and full.frozen.endswith(patch.frozen))


def test_a_patch_says_where_its_reader_is_then() -> None:
    document = _streamed(["# a\n\nbb", " c"])
    assert document.since(None).cursor == document.cursor()
    assert str(document.cursor()).startswith("0.1.1.2.9.")


def test_a_reader_who_has_everything_gets_nothing() -> None:
    document = _streamed(["# a\n\nbb", " c"])
    assert document.since(document.cursor()).is_empty


@pytest.mark.parametrize("cursor", ["1.1.0.0", "0.9.1.0", "0.0.9.0", "0.1.1.9"])
def test_a_cursor_that_cannot_be_gets_a_snapshot(cursor: str) -> None:
    document = _streamed(["# a\n\nbb", " c"])
    asked = Cursor.parse(f"{cursor}.0.0.0")
    assert document.since(asked) == Patch(True, "<h1>a</h1>\n", "<p>bb</p>\n", " c")


def test_a_snapshot_holds_the_suffix_and_the_place_to_go_on_from() -> None:
    document = _streamed(["# a\n\nbb", " c"])
    snapshot = document.snapshot()
    assert (snapshot.done, snapshot.tail) == ("<h1>a</h1>\n", "<p>bb c</p>\n")
    assert document.since(snapshot.cursor).is_empty


MAKERS = {
    "mixed": (documents.answer, 500_000, 40),
    "prose": (documents.prose, 500_000, 5),
    "one list": (documents.long_list, 100_000, 150),
    "one fence": (documents.long_fence, 500_000, 5),
}


@pytest.mark.parametrize(("make", "size", "times"), MAKERS.values(), ids=MAKERS)
def test_the_parser_sees_each_character_a_bounded_number_of_times(
    make: Callable[[int], str], size: int, times: int
) -> None:
    text = make(size)
    document = _finished(text[start : start + 24] for start in range(0, len(text), 24))
    assert document.parsed <= times * len(text)


def test_a_small_tail_is_brought_up_to_date_often_and_a_large_one_rarely() -> None:
    small = _streamed(["a *b"])
    large = _streamed(["- item of a list\n" * 1_000])
    assert (small.interval(), large.interval()) == (0.05, 0.5)


def test_a_fence_that_closes_on_much_code_is_costly() -> None:
    document = _streamed(["```python\n", "x = 1\n" * 500])
    document.append("y = 2\n")
    assert not document.costly
    document.append("```\n")
    assert document.costly


def test_plain_prose_is_never_costly() -> None:
    document = _streamed([documents.prose(60_000)])
    document.append(" and more words")
    assert not document.costly
    assert document.costly_to_finish


async def test_the_work_may_be_done_in_a_thread_while_others_read() -> None:
    text, document, page, cursor = documents.answer(20_000), LiveDocument(), Page(), None
    for part in documents.pieces(text, documents.seeded(1), 200):
        document.append(part)
        work = asyncio.create_task(asyncio.to_thread(document.advance))
        while not work.done():
            patch = document.since(cursor)
            page.apply(patch)
            cursor = patch.cursor
            await asyncio.sleep(0)
    await asyncio.to_thread(document.finish)
    page.apply(document.since(cursor))
    assert str(page) == _page_of(document)
