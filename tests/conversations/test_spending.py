from decimal import Decimal

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from conversations.models import Charge, Conversation
from conversations.spending import spent_in
from providers.models import Call, Kind, Outcome
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


def test_what_was_asked_beside_the_answers_counts(olivia: User) -> None:
    chat = a_conversation(olivia)
    paid(chat, "1", prompt_tokens=2)
    call = Call.objects.create(
        kind=Kind.CHAT, outcome=Outcome.COMPLETE, seconds=1, cost=2, currency="USD", prompt_tokens=3
    )
    Charge.objects.create(conversation=chat, call=call)
    assert (spent_in(chat.pk).amount, spent_in(chat.pk).tokens) == ("$3.00", 5)


def test_an_answer_that_is_there_counts_by_its_own_figures_alone(olivia: User) -> None:
    chat = a_conversation(olivia)
    paid(chat, "1")
    call = Call.objects.create(
        kind=Kind.CHAT, outcome=Outcome.COMPLETE, seconds=1, cost=1, currency="USD"
    )
    Charge.objects.create(conversation=chat, call=call, answer=chat.messages.get(role="assistant"))
    assert spent_in(chat.pk).amount == "$1.00"


def test_all_of_it_costs_one_query(
    olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chat = a_conversation(olivia)
    paid(chat, "1")
    with django_assert_num_queries(1):
        spent_in(chat.pk)
