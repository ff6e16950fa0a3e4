from decimal import Decimal

import pytest

from providers.billing import bill
from providers.events import Usage
from providers.models import Model
from providers.models.call import Basis


def a_model(**fields: object) -> Model:
    prices = {"input_price": Decimal(2), "output_price": Decimal(10), "currency": "USD"}
    return Model(model_id="m", **{**prices, **fields})


def test_counted_tokens_have_an_exact_price() -> None:
    billed = bill(a_model(), Usage(1_000_000, 100_000))
    assert (billed.amount, billed.basis) == (Decimal(3), Basis.MEASURED)


def test_what_was_cached_has_a_price_of_its_own() -> None:
    model = a_model(cached_input_price=Decimal("0.5"))
    assert bill(model, Usage(1_000_000, 0, cached_tokens=400_000)).amount == Decimal("1.4")


def test_without_that_price_it_costs_what_other_input_does() -> None:
    assert bill(a_model(), Usage(1_000_000, 0, cached_tokens=400_000)).amount == Decimal(2)


@pytest.mark.parametrize(
    ("written", "total"), [(200, 1_300), (800, 1_300)], ids=["counted beside", "counted within"]
)
def test_thoughts_are_paid_for_once(written: int, total: int) -> None:
    usage = Usage(500, written, total, reasoning_tokens=600)
    assert bill(a_model(), usage).amount == Decimal("0.009")


def test_a_cost_that_no_call_can_have_is_not_known() -> None:
    model = Model(input_price=Decimal(10), output_price=Decimal(99_999_999))
    told = bill(model, Usage(2**31 - 1, 2**31 - 1))
    assert (told.amount, told.basis) == (None, Basis.UNKNOWN)


def test_what_was_not_counted_is_estimated_and_says_so() -> None:
    billed = bill(a_model(), None, sent=400, received=40)
    assert (billed.usage.prompt_tokens, billed.usage.completion_tokens) == (100, 10)
    assert (billed.tokens, billed.basis) == (Basis.ESTIMATED, Basis.ESTIMATED)


def test_a_call_that_brought_nothing_costs_nobody_knows_what() -> None:
    billed = bill(a_model(), None, sent=400)
    assert (billed.amount, billed.tokens) == (None, Basis.UNKNOWN)


def test_a_price_that_varies_makes_an_estimate() -> None:
    billed = bill(a_model(price_varies=True), Usage(10, 10))
    assert (billed.tokens, billed.basis) == (Basis.MEASURED, Basis.ESTIMATED)


def test_beyond_the_length_a_price_holds_for_nothing_is_known() -> None:
    assert bill(a_model(price_up_to=100), Usage(101, 1)).amount is None


def test_without_a_price_there_is_no_cost_but_a_count() -> None:
    billed = bill(a_model(input_price=None), Usage(1, 1))
    assert (billed.amount, billed.tokens) == (None, Basis.MEASURED)


def test_what_writes_nothing_needs_no_price_for_writing() -> None:
    model = a_model(output_price=None)
    assert bill(model, Usage(1_000_000, None, 1_000_000)).amount == Decimal(2)


def test_where_nothing_is_written_what_was_sent_is_estimated_alone() -> None:
    billed = bill(a_model(), None, sent=400, received=0)
    assert (billed.usage.prompt_tokens, billed.usage.completion_tokens) == (100, 0)
    assert billed.tokens == Basis.ESTIMATED


def test_what_was_counted_is_kept_beside_what_is_estimated() -> None:
    billed = bill(a_model(), Usage(70, None, cached_tokens=7), sent=400, received=40)
    assert billed.usage == Usage(70, 10, cached_tokens=7)
    assert billed.tokens == Basis.ESTIMATED
