"""What a turn of a temporary chat sends, and when it is not begun."""

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from chatsite.models import User
from conversations.limits import NotNow
from conversations.models.message import Role
from conversations.temporary.asking import claim
from conversations.temporary.forms import Said
from tests.chats import a_model
from tests.conversations.temporary.turns import an_asked

BEFORE = [Said(Role.USER, "Why?"), Said(Role.ASSISTANT, "Because."), Said(Role.ASSISTANT, "")]


def test_all_that_was_said_goes_out_with_the_system_prompt_first(olivia: User) -> None:
    asked = an_asked(a_model(), "And?", before=BEFORE, system_prompt="Be brief.")
    sent = claim(olivia.pk, asked).order.request
    assert [(each.role, each.content) for each in sent.messages] == [
        ("system", "Be brief."),
        ("user", "Why?"),
        ("assistant", "Because."),
        ("user", "And?"),
    ]


def test_what_a_small_window_cannot_hold_is_left_out(olivia: User) -> None:
    model = a_model(context_window=40)
    run = claim(olivia.pk, an_asked(model, "And?", before=[Said(Role.USER, "why " * 100)]))
    assert [each.content for each in run.order.request.messages] == ["And?"]


def test_parameters_go_with_it(olivia: User) -> None:
    run = claim(olivia.pk, an_asked(a_model(), parameters={"temperature": 1.5}))
    assert run.order.request.to_wire(stream=True)["temperature"] == 1.5


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("LIMIT_RUNS", "1 answer is being written"),
        ("LIMIT_MESSAGES_PER_MINUTE", "many messages in a short time"),
    ],
)
def test_the_limits_are_those_of_any_question(
    olivia: User, settings: Settings, limit: str, words: str
) -> None:
    setattr(settings, limit, 1)
    model = a_model()
    first = claim(olivia.pk, an_asked(model))
    with pytest.raises(NotNow, match=words):
        claim(olivia.pk, an_asked(model))
    del first


def test_so_much_text_a_day(olivia: User, settings: Settings) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    before = [Said(Role.USER, "x" * 1024 * 700)]
    model = a_model()
    claim(olivia.pk, an_asked(model, before=before))
    with pytest.raises(NotNow, match="as much text as one day allows"):
        claim(olivia.pk, an_asked(model, before=before))


def test_it_costs_few_queries(
    olivia: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    model = a_model()
    with django_assert_max_num_queries(4):
        claim(olivia.pk, an_asked(model, before=BEFORE * 100))
