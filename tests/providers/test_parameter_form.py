from typing import Any

import pytest

from providers.parameter_form import ParameterForm
from providers.parameters import RANGES, Parameters, ResponseFormat

SCHEMA = '{"type": "object"}'


def bound(**data: str) -> ParameterForm:
    return ParameterForm(data)


def errors(**data: str) -> dict[str, list[str]]:
    return {name: [str(e) for e in told] for name, told in bound(**data).errors.items()}


def parsed(**data: str) -> Parameters:
    form = bound(**data)
    assert form.errors == {}
    return form.parameters


def test_an_empty_form_sets_nothing() -> None:
    assert parsed() == Parameters()


def test_blanks_set_nothing() -> None:
    assert parsed(**dict.fromkeys(ParameterForm.base_fields, "")) == Parameters()
    assert parsed(stop=" \r\n ", extra=" \n", schema=" ") == Parameters()


def test_every_field_becomes_its_parameter() -> None:
    assert parsed(
        temperature="0.5",
        max_tokens="100",
        seed="-7",
        stop="END\r\n终 ",
        reasoning_effort="max",
        response_format="json_schema",
        schema=SCHEMA,
        extra='{"top_k": 40}',
    ) == Parameters(
        temperature=0.5,
        max_tokens=100,
        seed=-7,
        stop=("END", "终 "),
        reasoning_effort="max",
        response_format=ResponseFormat("json_schema", {"type": "object"}),
        extra={"top_k": 40},
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("temperature", "from 0 to 2"),
        ("top_p", "from 0 to 1"),
        ("max_tokens", "1 or more"),
        ("presence_penalty", "from -2 to 2"),
        ("frequency_penalty", "from -2 to 2"),
        ("seed", "whole number"),
    ],
)
@pytest.mark.parametrize(
    "value",
    ["-9e99", "9e99", "nan", "inf", "x", "<b>", "9" * 5000, "1;2", "½", "😀", "\x00", "0x1"],
    ids=repr,
)
def test_what_is_out_of_range_is_refused_with_the_range(name: str, words: str, value: str) -> None:
    told = errors(**{name: value})
    assert list(told) == [name]
    assert words in told[name][0]


@pytest.mark.parametrize("name", RANGES)
def test_both_ends_of_a_range_are_taken(name: str) -> None:
    for value in (RANGES[name].least, RANGES[name].most):
        assert getattr(parsed(**{name: str(value)}), name) == value


def test_the_ranges_stand_beside_the_fields() -> None:
    told = {name: str(field.help_text) for name, field in ParameterForm.base_fields.items()}
    assert "0 to 2" in told["temperature"]
    assert all(told[name] for name in RANGES)


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ('["\\n\\n", "b"]', ("\n\n", "b")),
        ("[END]", ("[END]",)),
        ("[1]", ("[1]",)),
        ("a\r\na\r\n\r\nb", ("a", "b")),
        ("\u2028", ()),
    ],
    ids=repr,
)
def test_stops_are_lines_or_a_list(text: str, stops: tuple[str, ...]) -> None:
    assert parsed(stop=text).stop == stops


@pytest.mark.parametrize(
    "text",
    ["a\nb\nc\nd\ne", "x" * 201, "x" * 30_000, '["\\ud800"]', '["\\u0000"]', "[" * 9000],
    ids=["five", "long", "huge", "half", "null", "deep"],
)
def test_stops_that_no_service_takes_are_refused(text: str) -> None:
    assert list(errors(stop=text)) == ["stop"]


def test_broken_json_is_refused_with_its_place() -> None:
    told = errors(extra='{\n  "top_k": 4O\n}')["extra"][0]
    assert "line 2, character 13" in told


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "5", "null", '"x"', "{} {}", "{'a': 1}", "<script>"),
        *('{"a": NaN}', '{"a": 1e999}', '{"a": "\\ud83d"}', '{"a": "\\u0000"}'),
        *('{"a":' * 3000, '{"a": ' + "9" * 5000 + "}", " " * 20_000 + "{}x" * 9),
    ],
    ids=lambda text: text[:20],
)
@pytest.mark.parametrize("name", ["extra", "schema"])
def test_what_is_no_object_of_json_is_refused(name: str, text: str) -> None:
    assert errors(response_format="json_schema", **{name: text})[name]


@pytest.mark.parametrize("name", ["model", "messages", "stream", "temperature", "stop"])
def test_extra_json_cannot_replace_what_has_its_own_place(name: str) -> None:
    assert name in errors(extra=f'{{"{name}": 1}}')["extra"][0]


def test_extra_json_may_be_anything_else_in_any_script() -> None:
    assert parsed(extra='{"思考": {"a": [1, null, "😀"]}}').extra == {
        "思考": {"a": [1, None, "😀"]}
    }


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"response_format": "json_schema"}, "schema"),
        ({"response_format": "json_schema", "schema": "{}"}, "schema"),
        ({"schema": SCHEMA}, "response_format"),
        ({"response_format": "json_object", "schema": "{"}, "schema"),
        ({"response_format": "xml"}, "response_format"),
        ({"reasoning_effort": "most"}, "reasoning_effort"),
    ],
    ids=repr,
)
def test_a_choice_that_does_not_hold_together_is_refused(data: Any, field: str) -> None:
    assert list(errors(**data)) == [field]


@pytest.mark.parametrize(
    "parameters",
    [
        Parameters(),
        Parameters(temperature=0.0, seed=5, stop=("a", "b"), reasoning_effort="none"),
        Parameters(stop=("\n",), extra={"a": {"b": "终"}}),
        Parameters(response_format=ResponseFormat("json_object")),
        Parameters(response_format=ResponseFormat("json_schema", {"a": 1}, "n", True)),
    ],
    ids=["none", "some", "list", "format", "schema"],
)
def test_a_form_that_is_sent_back_as_it_was_shown_changes_nothing(parameters: Parameters) -> None:
    shown = ParameterForm.showing(parameters)
    data = {name: shown.get_initial_for_field(f, name) for name, f in shown.fields.items()}
    assert parsed(**{name: "" if v is None else str(v) for name, v in data.items()}) == parameters
