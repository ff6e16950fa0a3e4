from decimal import Decimal

from chatsite.usage.chart import MOST_BARS, charts
from chatsite.usage.totals import Total, whole


def test_each_currency_has_a_chart_of_its_own() -> None:
    parts = [Total("a", 1, costs={"USD": Decimal(2), "CNY": Decimal(1)}), Total("b", 1)]
    assert [chart.title for chart in charts(parts, whole(parts), are_days=True)] == [
        "Cost in CNY",
        "Cost in USD",
        "Calls",
    ]


def test_the_largest_reaches_the_top_and_the_others_are_as_long_as_their_share() -> None:
    parts = [Total("a", 50), Total("b", 200), Total("c")]
    [chart] = charts(parts, whole(parts), are_days=True)
    assert [bar.length for bar in chart.bars] == ["25.00", "100.00", "0.00"]
    assert [bar.top for bar in chart.bars] == ["75.00", "0.00", "100.00"]


def test_what_is_hardly_anything_is_still_seen() -> None:
    parts = [Total("a", 1), Total("b", 1_000_000)]
    [chart] = charts(parts, whole(parts), are_days=True)
    assert chart.bars[0].length == "0.75"
    assert chart.most == "1,000,000"


def test_of_models_only_the_largest_are_drawn_and_in_their_order() -> None:
    parts = [Total(str(number), number) for number in range(30)]
    [chart] = charts(parts, whole(parts), are_days=False)
    assert [bar.name for bar in chart.bars] == [str(29 - place) for place in range(MOST_BARS)]


def test_of_nothing_there_is_no_chart() -> None:
    assert charts([Total("a")], Total(""), are_days=True) == []
