from decimal import Decimal

import pytest

from chatsite.models import User
from conversations.models import Conversation
from conversations.spending import spent_in
from providers.models.call import Basis
from tests.chats import a_conversation, add_turn

pytestmark = pytest.mark.django_db


def paid(chat: Conversation, cost: str, currency: str = "USD", **fields: object) -> None:
    answer = add_turn(chat, "How much?", "That much.")
    for name, value in {"cost": Decimal(cost), "currency": currency, **fields}.items():
        setattr(answer.generation, name, value)
    answer.generation.save()


def test_a_chat_costs_what_its_answers_cost(olivia: User) -> None:
    chat = a_conversation(olivia)
    paid(chat, "0.001")
    paid(chat, "0.0023")
    assert spent_in(chat.pk).amount == "$0.00330"


def test_each_currency_is_added_up_by_itself(olivia: User) -> None:
    chat = a_conversation(olivia)
    paid(chat, "2")
    paid(chat, "3", "CNY")
    assert spent_in(chat.pk).amount == "¥3.00 + $2.00"


def test_tokens_are_those_read_and_written_also_where_no_price_is_known(olivia: User) -> None:
    chat = a_conversation(olivia)
    paid(chat, "0", "", prompt_tokens=10, completion_tokens=5)
    paid(chat, "1", prompt_tokens=7, completion_tokens=None)
    assert spent_in(chat.pk).tokens == 22


@pytest.mark.parametrize(
    ("basis", "is_estimate"), [(Basis.ESTIMATED, True), (Basis.MEASURED, False)]
)
def test_one_estimate_makes_the_sum_an_estimate(
    olivia: User, basis: Basis, is_estimate: bool
) -> None:
    chat = a_conversation(olivia)
    paid(chat, "1")
    paid(chat, "1", cost_basis=basis)
    assert spent_in(chat.pk).is_estimate is is_estimate


def test_another_chat_costs_nothing_here(olivia: User) -> None:
    paid(a_conversation(olivia), "1")
    assert spent_in(a_conversation(olivia).pk).amount == ""
