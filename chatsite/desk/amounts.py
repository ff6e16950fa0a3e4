"""Sums of money in several currencies, side by side and never in one."""

from collections.abc import Mapping
from decimal import Decimal

from conversations.money import money


def amounts(costs: Mapping[str, Decimal]) -> str:
    """Such as "$1.20 + ¥3.50"; '' where nothing is due."""
    return " + ".join(filter(None, (money(costs[each], each) for each in sorted(costs))))
