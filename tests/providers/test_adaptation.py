import copy
from typing import Any

import pytest

from providers.adaptation import OPPOSITES, Adaptation, apply, with_learnt

SCHEMA = {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}
FIELDS = ("stream_options", "max_tokens", "temperature", "top_p", "seed", "stop")
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}


def body(**more: Any) -> dict[str, Any]:
    messages = [said("system", "Be brief."), said("user", "hi")]
    return {"model": "m", "messages": messages, "stream": True, **more}


def said(role: str, content: object) -> dict[str, object]:
    return {"role": role, "content": content}


def adapted(given: dict[str, Any], *adaptations: Adaptation) -> dict[str, Any]:
    return apply(given, adaptations)


@pytest.mark.parametrize(
    ("adaptation", "name"),
    [
        (Adaptation.NO_STREAM_OPTIONS, "stream_options"),
        (Adaptation.NO_TEMPERATURE, "temperature"),
        (Adaptation.NO_TOP_P, "top_p"),
        (Adaptation.NO_PRESENCE_PENALTY, "presence_penalty"),
        (Adaptation.NO_FREQUENCY_PENALTY, "frequency_penalty"),
        (Adaptation.NO_SEED, "seed"),
        (Adaptation.NO_SEED, "random_seed"),
        (Adaptation.NO_STOP, "stop"),
        (Adaptation.NO_REASONING_EFFORT, "reasoning_effort"),
        (Adaptation.NO_RESPONSE_FORMAT, "response_format"),
    ],
)
def test_a_field_is_left_out(adaptation: Adaptation, name: str) -> None:
    assert adapted(body(**{name: 1}, other=2), adaptation) == body(other=2)


@pytest.mark.parametrize(
    ("adaptation", "old", "new"),
    [
        (Adaptation.MAX_COMPLETION_TOKENS, "max_tokens", "max_completion_tokens"),
        (Adaptation.MAX_TOKENS, "max_completion_tokens", "max_tokens"),
        (Adaptation.RANDOM_SEED, "seed", "random_seed"),
    ],
)
def test_a_field_gets_its_other_name(adaptation: Adaptation, old: str, new: str) -> None:
    assert adapted(body(**{old: 5}), adaptation) == body(**{new: 5})


@pytest.mark.parametrize("adaptation", Adaptation)
def test_a_body_that_fits_stays_as_it_is(adaptation: Adaptation) -> None:
    fitting = {"model": "m", "messages": [said("user", "hi")], "stream": False}
    assert adapted(fitting, adaptation) == fitting


@pytest.mark.parametrize("adaptation", Adaptation)
def test_the_body_that_was_given_is_not_touched(adaptation: Adaptation) -> None:
    given = body(messages=[said(role, "a") for role in ("system", "developer", "user", "user")])
    given |= dict.fromkeys(FIELDS, 1) | {"response_format": dict(SCHEMA)}
    before = copy.deepcopy(given)
    adapted(given, adaptation)
    assert given == before


def test_a_schema_becomes_json_of_any_kind_and_that_becomes_nothing() -> None:
    some = adapted(body(response_format=SCHEMA), Adaptation.JSON_OBJECT)
    none = adapted(body(response_format=SCHEMA), Adaptation.JSON_OBJECT, Adaptation.NO_JSON_OBJECT)
    assert some["response_format"] == {"type": "json_object"}
    assert none == body()


def test_a_service_of_schemas_alone_keeps_them() -> None:
    given = body(response_format=SCHEMA)
    assert adapted(given, Adaptation.NO_JSON_OBJECT) == given


def test_roles_are_exchanged_both_ways() -> None:
    developer = adapted(body(), Adaptation.DEVELOPER_ROLE)
    assert [m["role"] for m in developer["messages"]] == ["developer", "user"]
    assert adapted(developer, Adaptation.SYSTEM_ROLE) == body()


@pytest.mark.parametrize("role", ["system", "developer"])
def test_instructions_go_to_the_head_of_the_first_question(role: str) -> None:
    given = body(messages=[said(role, "Be brief."), said("user", "hi"), said("user", "more")])
    merged = adapted(given, Adaptation.MERGED_SYSTEM)["messages"]
    assert merged == [said("user", "Be brief.\n\nhi"), said("user", "more")]


def test_instructions_without_a_question_become_one() -> None:
    given = body(messages=[said("system", "Go."), said("assistant", "ok")])
    merged = adapted(given, Adaptation.MERGED_SYSTEM)["messages"]
    assert merged == [said("user", "Go."), said("assistant", "ok")]


def test_instructions_stand_before_the_image_of_the_first_question() -> None:
    given = body(messages=[said("system", "Be brief."), said("user", [PICTURE])])
    [merged] = adapted(given, Adaptation.MERGED_SYSTEM)["messages"]
    assert merged["content"] == [{"type": "text", "text": "Be brief."}, PICTURE]


def test_neighbours_of_one_role_become_one_message() -> None:
    given = body(messages=[said("user", "a"), said("user", "b"), said("assistant", "c")])
    joined = adapted(given, Adaptation.ALTERNATING_ROLES)["messages"]
    assert joined == [said("user", "a\n\nb"), said("assistant", "c")]


def test_results_of_tools_are_never_joined() -> None:
    results = [{"role": "tool", "content": "1", "tool_call_id": name} for name in "ab"]
    given = body(messages=results)
    assert adapted(given, Adaptation.ALTERNATING_ROLES) == given


def test_what_was_learnt_last_replaces_its_opposite() -> None:
    for one, other in OPPOSITES.items():
        assert with_learnt({other, Adaptation.NO_STOP}, one) == {one, Adaptation.NO_STOP}
