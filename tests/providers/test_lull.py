import pytest

from providers.lull import Lull


@pytest.mark.parametrize(
    ("pieces", "lasts"),
    [
        ([b": ping\n\n"], True),
        ([b"\r\n", b"\n \n"], True),
        ([b": pi", b"ng", b" on\n\n", b":\n"], True),
        ([b": ping\n\ndata: {}\n\n"], False),
        ([b": pi", b"ng\n\ndata: {}\n\n"], False),
        ([b"data: {}\n\n: ping\n\n"], False),
        ([b"\n\n\n{"], False),
        ([b'  "text"'], False),
        ([b""], True),
    ],
    ids=[
        *("comment", "blanks", "cut_comment", "data_after", "data_after_cut", "data_before"),
        *("json_after_blanks", "indented", "nothing"),
    ],
)
def test_a_lull_lasts_while_nothing_is_said(pieces: list[bytes], lasts: bool) -> None:
    lull = Lull()
    assert [lull.lasts(piece) for piece in pieces][-1] is lasts


def test_after_a_word_the_next_comment_is_a_lull_again() -> None:
    lull = Lull()
    assert [lull.lasts(piece) for piece in (b": a", b"\nx", b": b\n")] == [True, False, True]
