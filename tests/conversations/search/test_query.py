import pytest

from conversations.search.query import parse


@pytest.mark.parametrize(
    ("words", "terms", "starts"),
    [
        ("rye Bread", (), ("rye", "bread")),
        ("c", ("c",), ()),
        ("库", ("库",), ()),
        ("数据库", ("数据", "据库"), ()),
        ('"rye bread" cake', ("rye", "bread"), ("cake",)),
        ("「数据」库", ("数据", "库"), ()),
        ("rye rye", (), ("rye",)),
        ("%_*'\"", (), ()),
        ("a rye loaf of bread", ("a", "rye", "loaf"), ("of", "bread")),
        ('"rye bread" rye', ("rye", "bread"), ("rye",)),
        ('"unclosed', (), ("unclosed",)),
    ],
)
def test_words_become_terms_of_the_index(
    words: str, terms: tuple[str, ...], starts: tuple[str, ...]
) -> None:
    query = parse(words)
    assert (query.terms, query.starts) == (terms, starts)


@pytest.mark.parametrize("words", ["a b " * 5000, "库" * 9000, " ".join(map(str, range(5000)))])
def test_no_query_costs_more_than_a_dozen_terms(words: str) -> None:
    query = parse(words)
    assert len(query.terms) + len(query.starts) <= 12


@pytest.mark.parametrize(
    ("words", "text", "fits"),
    [
        ("数据库", "一个数据库。", True),
        ("数据库", "数据，据库", False),
        ('"rye bread"', "rye, bread", True),
        ('"rye bread"', "bread rye", False),
        ('"rye bread"', "rye breads", False),
        ('"rye bread" rye', "rye, no bread", False),
        ("rye bread", "bread and rye", True),
    ],
)
def test_order_counts_in_quotes_and_in_chinese(words: str, text: str, fits: bool) -> None:
    assert parse(words).fits(text) is fits


def test_a_row_that_is_not_there_is_missed_at_once() -> None:
    [phrase] = parse('"' + "😀 " * 7 + 'z"').phrases
    assert not phrase.search("z " + "😀" * 2000)
    assert phrase.search("😀-😀 😀😀😀… 😀 😀, z")
