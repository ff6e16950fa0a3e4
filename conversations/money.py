"""Amounts as people read them: of a small one the first digits that say something."""

from decimal import Decimal

SYMBOLS = {"USD": "$", "CNY": "¥", "EUR": "€"}


def money(amount: Decimal | None, currency: str) -> str:
    """Such as $0.00123, ¥3.50 or 12.00 CHF; empty where nothing is known or nothing is due."""
    if not amount:
        return ""
    digits = 2 if amount >= 1 else min(2 - amount.adjusted(), 9)
    number = f"{amount:.{digits}f}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{number} {currency}"
