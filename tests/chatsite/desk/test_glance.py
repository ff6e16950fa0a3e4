"""What the desk's first page says, and that each part is for those who may see that part."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.desk.glance import glance
from chatsite.models import User
from providers.models import Model, Provider
from tests.chatsite.desk.conftest import Enter, allow


@pytest.fixture
def relay(db: None) -> Provider:
    provider = Provider.objects.create(name="Relay", base_url="https://relay.test/v1")
    Model.objects.create(provider=provider, model_id="priced", input_price=1, output_price=0)
    Model.objects.create(provider=provider, model_id="half", input_price=1)
    Model.objects.create(provider=provider, model_id="switched-off", enabled=False)
    return provider


def test_strangers_are_sent_to_the_log_in(as_sam: Client) -> None:
    assert as_sam.get("/admin/")["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(
    ("codename", "part"),
    [
        ("view_provider", "providers"),
        ("view_model", "unpriced"),
        ("view_user", "people"),
        ("view_call", "spans"),
        ("view_signuprequest", "asking"),
    ],
)
def test_each_part_is_for_who_may_see_it(
    as_clerk: Client, relay: Provider, codename: str, part: str
) -> None:
    allow(as_clerk, codename)
    seen: Any = glance(User.objects.get(username="clerk"))
    parts = ("providers", "unpriced", "people", "spans", "asking")
    assert [each for each in parts if getattr(seen, each) is not None] == [part]
    assert as_clerk.get("/admin/").status_code == 200


def test_it_counts_what_is_offered_without_a_price(ada: User, relay: Provider) -> None:
    assert glance(ada).unpriced == 1


def test_the_list_of_models_shows_just_these(as_ada: Client, relay: Provider) -> None:
    page = as_ada.get("/admin/providers/model/?priced=no").content.decode()
    assert ("half" in page, "switched-off" in page, "1 model" in page) == (True, False, True)


def test_calls_and_cost_of_today_a_week_and_a_month(ada: User, enter: Enter) -> None:
    for days in (0, 3, 20, 40):
        enter("1", created_at=timezone.now() - timedelta(days=days))
    enter("0.5", "CNY")
    enter(outcome="failed")
    spans = glance(ada).spans or []
    assert [span.calls for span in spans] == [3, 4, 5]
    assert [span.cost for span in spans] == [f"¥0.500 + ${total}.00" for total in (1, 2, 3)]
    assert [span.failed for span in spans] == [1, 1, 1]


def test_what_needs_somebody_stands_first(as_ada: Client, relay: Provider, enter: Enter) -> None:
    bad = Provider.objects.create(name="Zoo", base_url="https://zoo.test/v1")
    model = Model.objects.create(provider=bad, model_id="m")
    enter(model=model, outcome="failed", error_kind="auth")
    page = as_ada.get("/admin/").content.decode()
    assert page.index("Zoo") < page.index("Relay")
    assert "The service refused the key." in page
    assert f"/admin/providers/provider/{bad.pk}/check/" in page


def test_it_asks_few_questions(
    as_ada: Client,
    relay: Provider,
    enter: Enter,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        other = Provider.objects.create(name=f"p{number}", base_url="https://x.test/v1")
        model = Model.objects.create(provider=other, model_id="m")
        enter(model=model, outcome="failed", error_kind="auth")
    with django_assert_max_num_queries(9):
        as_ada.get("/admin/")
