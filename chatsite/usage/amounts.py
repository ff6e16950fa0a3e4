"""Figures as people read them; money in several currencies side by side and never in one."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils import numberformat
from django.utils.formats import get_format

from conversations.money import money


def amounts(costs: Mapping[str, Decimal]) -> str:
    """Such as "$1.20 + ¥3.50"; '' where nothing is due."""
    return " + ".join(filter(None, (money(costs[each], each) for each in sorted(costs))))


def grouped(number: int | Decimal) -> str:
    """By threes also where the language's own format does not group: 9254374 is not to be read."""
    point, separator = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR") or ","
    return numberformat.format(
        number, point, grouping=3, thousand_sep=separator, force_grouping=True
    )
