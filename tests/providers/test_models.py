import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import IntegrityError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from providers.endpoint import TimeLimits
from providers.models import Key, Model, Provider
from providers.models.key import BadKey
from providers.secrets import KeyRingError
from tests.people import may_own_providers

CANARY = "sk-canary-0123456789-WXYZ"
HERE = "https://api.example.org/v1"


def a_provider(name: str = "Example", key: str = "", **fields: object) -> Provider:
    provider = Provider.objects.create(name=name, base_url=HERE, **fields)
    provider.set_key(key)
    return provider


def a_model(provider: Provider, model_id: str = "m", **fields: object) -> Model:
    return Model.objects.create(provider=provider, model_id=model_id, **fields)


def test_the_key_reaches_the_endpoint(db: None) -> None:
    a_provider(key=CANARY)
    assert Provider.objects.get().endpoints()[0].key == CANARY


def test_the_database_holds_the_key_in_no_readable_form(db: None) -> None:
    a_provider(key=CANARY)
    stored = [*Provider.objects.values_list().get(), *Key.objects.values_list().get()]
    assert b"canary" not in b"".join(
        value if isinstance(value, bytes) else str(value).encode() for value in stored
    )


def test_a_key_shows_in_no_repr(db: None) -> None:
    provider = a_provider(key=CANARY)
    shown = f"{provider!r} {provider} {provider.endpoints()[0]!r}"
    assert "canary" not in shown


@pytest.mark.parametrize(
    "typed", [f"  {CANARY}  ", f"{CANARY}\n", f"\t{CANARY}\r\n"], ids=["blanks", "newline", "tab"]
)
def test_blanks_around_a_pasted_key_are_taken_off(db: None, typed: str) -> None:
    provider = a_provider(key=typed)
    assert provider.endpoints()[0].key == CANARY


@pytest.mark.parametrize("typed", ["sk-\nX: y", "sk-\0", "sk-ключ", "sk-\u2028a"])
def test_a_key_that_cannot_stand_in_a_header_is_refused(typed: str) -> None:
    with pytest.raises(BadKey) as refusal:
        Key().seal(typed)
    assert "sk-" not in str(refusal.value)


def test_the_hint_is_the_last_four_of_a_long_key_and_nothing_of_a_short_one() -> None:
    long, short = Key(), Key()
    long.seal(CANARY)
    short.seal("ollama")
    assert (str(long), str(short)) == ("…WXYZ", "…")


def test_an_empty_key_removes_the_old_one(db: None) -> None:
    provider = a_provider(key=CANARY)
    provider.set_key("")
    assert not Key.objects.exists()


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/v1",
        "http://api.example.org/v1",
        "https://api.example.org:8443/v1",
        "https://api.example.org.evil.example/v1",
    ],
    ids=["host", "scheme", "port", "suffix"],
)
def test_a_key_does_not_follow_to_another_host(db: None, there: str) -> None:
    provider = a_provider(key=CANARY)
    provider.move_to(there)
    assert [(route.base_url, route.key) for route in provider.endpoints()] == [(there, "")]


@pytest.mark.parametrize(
    "there", ["https://api.example.org/v2", "https://api.example.org:443/v1"], ids=["path", "port"]
)
def test_a_key_stays_with_its_host(db: None, there: str) -> None:
    provider = a_provider(key=CANARY)
    provider.move_to(there)
    assert provider.endpoints()[0].key == CANARY


def test_a_key_copied_to_another_row_does_not_open(db: None) -> None:
    mine, thine = a_provider("mine", CANARY), a_provider("thine", "sk-other")
    thine.keys.update(sealed=mine.keys.get().sealed)
    with pytest.raises(KeyRingError):
        thine.endpoints()


def test_each_base_url_with_each_key_is_a_route(db: None) -> None:
    provider = a_provider(key="one", further_base_urls="https://b.example/v1")
    provider.add_key("two")
    routes = [(route.base_url, route.key) for route in provider.endpoints()]
    there = "https://b.example/v1"
    assert routes == [(HERE, "one"), (HERE, "two"), (there, "one"), (there, "two")]


def test_only_a_user_s_own_provider_is_bound_to_the_public_internet(olivia: User) -> None:
    assert a_provider().endpoints()[0].guard is None
    assert a_provider(owner=olivia).endpoints()[0].guard is not None


def test_time_limits_that_are_not_set_stay_as_they_are_for_all(db: None) -> None:
    assert a_provider(idle_s=5).limits() == TimeLimits(idle=5.0)


def test_site_wide_names_are_unique(db: None) -> None:
    a_provider("Same")
    with pytest.raises(IntegrityError):
        a_provider("Same")


def test_two_owners_may_use_the_same_name(olivia: User, sam: User) -> None:
    a_provider("Same", owner=olivia)
    a_provider("Same", owner=sam)
    a_provider("Same")
    assert Provider.objects.count() == 3


def test_a_model_id_is_listed_once_for_a_provider(db: None) -> None:
    provider = a_provider()
    a_model(provider)
    with pytest.raises(IntegrityError):
        a_model(provider)


def test_a_stranger_sees_nothing_of_an_own_provider(olivia: User, sam: User) -> None:
    a_model(a_provider(owner=olivia))
    assert not Provider.objects.for_user(sam).exists()
    assert not Model.objects.for_user(sam).exists()


def test_nobody_signed_in_sees_nothing_of_an_own_provider(olivia: User) -> None:
    a_model(a_provider(owner=olivia))
    assert not Provider.objects.for_user(AnonymousUser()).exists()
    assert not Model.objects.for_user(AnonymousUser()).exists()


def test_an_administrator_is_offered_nobodys_own_models(olivia: User, ada: User) -> None:
    a_model(a_provider(owner=olivia))
    assert not Model.objects.for_user(ada).exists()


def test_the_owner_is_offered_own_and_site_wide_models(olivia: User) -> None:
    may_own_providers(olivia)
    own = a_model(a_provider("own", owner=olivia))
    shared = a_model(a_provider("shared"))
    assert set(Model.objects.for_user(olivia)) == {own, shared}


def test_who_may_own_none_any_more_is_offered_none(olivia: User) -> None:
    a_model(a_provider(owner=olivia))
    assert not Provider.objects.for_user(olivia).exists()
    assert not Model.objects.for_user(olivia).exists()


def test_a_group_may_own_providers_too(olivia: User) -> None:
    own = a_model(a_provider(owner=olivia))
    group = Group.objects.create(name="owners")
    group.permissions.add(Permission.objects.get(codename="own_provider"))
    olivia.groups.add(group)
    assert set(Model.objects.for_user(olivia)) == {own}


def test_an_account_that_is_closed_is_offered_nothing_of_its_own(ada: User) -> None:
    a_model(a_provider(owner=ada))
    ada.is_active = False
    ada.save()
    assert not Model.objects.for_user(ada).exists()


def test_asking_for_the_permission_takes_no_query_of_its_own(
    olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        list(Model.objects.for_user(olivia))


@pytest.mark.parametrize(
    ("field", "value"),
    [("enabled", False), ("vanished_at", timezone.now())],
    ids=["disabled", "vanished"],
)
def test_a_model_out_of_use_is_not_offered(sam: User, field: str, value: object) -> None:
    Model.objects.filter(pk=a_model(a_provider()).pk).update(**{field: value})
    assert not Model.objects.for_user(sam).exists()


def test_a_disabled_provider_takes_its_models_along(sam: User) -> None:
    a_model(a_provider(enabled=False))
    assert not Model.objects.for_user(sam).exists()


def test_models_are_offered_by_position_then_name(sam: User) -> None:
    provider = a_provider()
    for model_id, position in (("b", 0), ("a", 0), ("last", 9), ("first", -9)):
        a_model(provider, model_id, position=position)
    offered = [model.model_id for model in Model.objects.for_user(sam)]
    assert offered == ["first", "a", "b", "last"]


def test_a_model_without_a_name_is_called_by_its_id(db: None) -> None:
    assert str(a_model(a_provider(), "gpt-x")) == "gpt-x"
