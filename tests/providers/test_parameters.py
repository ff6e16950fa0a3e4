import math
from typing import Any

import pytest

from providers.parameters import (
    EFFORTS,
    RANGES,
    BadParameter,
    Parameters,
    ResponseFormat,
    is_storable,
)

SCHEMA = {"type": "object", "properties": {"城市": {"type": "string"}}}
FULL = {
    "temperature": 0.0,
    "top_p": 1,
    "max_tokens": 1,
    "presence_penalty": -2,
    "frequency_penalty": 2.0,
    "seed": -7,
    "stop": ["\n\n", "终"],
    "reasoning_effort": "xhigh",
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "city", "schema": SCHEMA, "strict": True},
    },
    "top_k": 40,
    "thinking": {"type": "disabled"},
}


def test_nothing_set_is_nothing_sent() -> None:
    assert Parameters().to_wire() == {}
    assert Parameters.from_mapping({}) == Parameters()


def test_what_is_set_goes_over_the_wire_and_comes_back_the_same() -> None:
    parameters = Parameters.from_mapping(FULL)
    assert parameters.to_wire() == FULL
    assert Parameters.from_mapping(parameters.to_wire()) == parameters


def test_zero_is_set_and_null_is_not() -> None:
    assert Parameters.from_mapping({"temperature": 0, "top_p": None}).to_wire() == {
        "temperature": 0
    }


def test_what_has_no_name_here_is_passed_on() -> None:
    assert Parameters.from_mapping({"top_k": 40}).extra == {"top_k": 40}


def test_one_stop_may_stand_alone() -> None:
    assert Parameters.from_mapping({"stop": "END"}).stop == ("END",)


@pytest.mark.parametrize("name", RANGES)
def test_both_ends_of_a_range_belong_to_it(name: str) -> None:
    allowed = RANGES[name]
    for value in (allowed.least, allowed.most):
        assert Parameters.from_mapping({name: value}).to_wire() == {name: value}


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, True, "1", [], {}, 10**400],
    ids=lambda value: repr(value)[:9],
)
def test_what_is_no_number_in_its_range_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(BadParameter) as refused:
        Parameters.from_mapping({name: value})
    assert refused.value.name == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 2.0001),
        ("temperature", -0.1),
        ("top_p", 1.1),
        ("max_tokens", 0),
        ("max_tokens", 1.5),
        ("presence_penalty", -2.1),
        ("frequency_penalty", 2.1),
        ("seed", 1.5),
        ("seed", 2**63),
        ("stop", ["a", "b", "c", "d", "e"]),
        ("stop", [""]),
        ("stop", [5]),
        ("stop", {"a": 1}),
        ("stop", ["x" * 201]),
        ("stop", ["\ud800"]),
        ("stop", ["a\x00"]),
        ("reasoning_effort", "most"),
        ("reasoning_effort", ["low"]),
        ("response_format", "json"),
        ("response_format", {"type": "xml"}),
        ("response_format", {"type": ["text"]}),
        ("response_format", {"type": "json_schema"}),
        ("response_format", {"type": "json_schema", "json_schema": {"name": 5, "schema": SCHEMA}}),
        ("response_format", {"type": "json_schema", "json_schema": {"a": math.nan}}),
    ],
    ids=repr,
)
def test_a_value_that_no_service_takes_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(BadParameter) as refused:
        Parameters.from_mapping({name: value})
    assert refused.value.name == name


@pytest.mark.parametrize("name", ["model", "messages", "stream"])
def test_the_sites_own_part_of_a_request_cannot_be_replaced(name: str) -> None:
    with pytest.raises(BadParameter):
        Parameters.from_mapping({name: "x"})


def test_a_parameter_cannot_be_smuggled_past_its_range() -> None:
    with pytest.raises(BadParameter):
        Parameters(extra={"temperature": 99})


@pytest.mark.parametrize("effort", EFFORTS)
def test_every_effort_is_sent_by_its_name(effort: Any) -> None:
    assert Parameters(reasoning_effort=effort).to_wire() == {"reasoning_effort": effort}


@pytest.mark.parametrize("kind", ["text", "json_object"])
def test_a_format_without_a_schema_is_only_its_type(kind: Any) -> None:
    assert ResponseFormat(kind).to_wire() == {"type": kind}


def test_a_bare_schema_gets_a_name() -> None:
    wire = ResponseFormat.of_schema(SCHEMA).to_wire()
    assert wire == {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}


@pytest.mark.parametrize(
    "value",
    [math.nan, "\ud83d", {"a": "\x00"}, {"a": object()}, ["x" * 100_001]],
    ids=["nan", "half", "null", "object", "huge"],
)
def test_what_a_database_cannot_hold_is_not_storable(value: object) -> None:
    assert not is_storable(value)
    assert is_storable("终😀")
