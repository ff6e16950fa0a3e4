"""Refusals as services word them, and what each of them teaches."""

import json
import time
from typing import Any

import pytest

from providers.adaptation import Adaptation
from providers.errors import ErrorKind, UpstreamError
from providers.failure import failure_of_body
from providers.learning import learn

SYSTEM = {"role": "system", "content": "s"}
DEVELOPER = {"role": "developer", "content": "s"}
USER = {"role": "user", "content": "hi"}
# Far above what it takes (under 0.1 s).
MOST_S = 1
USAGE = {"include_usage": True}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}
JSON = {"type": "json_object"}


def sent(*messages: dict[str, str], **params: Any) -> dict[str, Any]:
    return {
        **params,
        "model": "m",
        "messages": list(messages) or [SYSTEM, USER],
        "stream": True,
        "stream_options": USAGE,
    }


def learnt(
    refusal: object, body: dict[str, Any], status: int = 400, tried: tuple[Adaptation, ...] = ()
) -> Adaptation | None:
    """What the refusal teaches once it went through the error, as it does in the client."""
    raw = json.dumps(refusal).encode()
    return learn(body, failure_of_body(status, {}, raw), raw, tried)


def openai(message: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return {"error": error}


def unsupported(name: str) -> dict[str, Any]:
    message = f"Unsupported parameter: '{name}' is not supported with this model."
    return openai(message, name, "unsupported_parameter")


def extra(*loc: str) -> dict[str, Any]:
    text = "Extra inputs are not permitted"
    return {"detail": [{"type": "extra_forbidden", "loc": ["body", *loc], "msg": text, "input": 1}]}


def flat(message: str, code: object = 400) -> dict[str, Any]:
    return {"object": "error", "message": message, "type": "BadRequestError", "code": code}


FIELDS = [
    pytest.param(
        openai(
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            "max_tokens",
            "unsupported_parameter",
        ),
        {"max_tokens": 5},
        Adaptation.MAX_COMPLETION_TOKENS,
        id="openai-max-tokens",
    ),
    pytest.param(
        openai("Unrecognized request argument supplied: max_completion_tokens"),
        {"max_completion_tokens": 5},
        Adaptation.MAX_TOKENS,
        id="older-azure-max-completion-tokens",
    ),
    pytest.param(
        openai(
            "Unsupported value: 'temperature' does not support 0.5 with this model. "
            "Only the default (1) value is supported.",
            "temperature",
            "unsupported_value",
        ),
        {"temperature": 0.5},
        Adaptation.NO_TEMPERATURE,
        id="openai-temperature",
    ),
    pytest.param(unsupported("top_p"), {"top_p": 0.5}, Adaptation.NO_TOP_P, id="openai-top-p"),
    pytest.param(unsupported("stop"), {"stop": ["a"]}, Adaptation.NO_STOP, id="openai-stop"),
    pytest.param(
        unsupported("frequency_penalty"),
        {"presence_penalty": 1, "frequency_penalty": 1},
        Adaptation.NO_FREQUENCY_PENALTY,
        id="openai-penalty",
    ),
    pytest.param(
        openai("Unknown parameter: 'reasoning_effort'.", "reasoning_effort", "unknown_parameter"),
        {"reasoning_effort": "low"},
        Adaptation.NO_REASONING_EFFORT,
        id="openai-unknown-parameter",
    ),
    pytest.param(
        {"object": "error", "message": extra("stream_options", "include_usage")},
        {},
        Adaptation.NO_STREAM_OPTIONS,
        id="mistral-object",
    ),
    pytest.param(
        {"object": "error", "message": extra("seed")},
        {"seed": 5},
        Adaptation.RANDOM_SEED,
        id="mistral-seed",
    ),
    pytest.param(
        extra("random_seed"), {"random_seed": 5}, Adaptation.NO_SEED, id="no-seed-by-any-name"
    ),
    pytest.param(
        {
            "id": "1",
            "message": "unknown field: parameter 'stream_options' is not a valid field. "
            "For proper usage, please refer to https://docs.cohere.com/reference/chat",
        },
        {},
        Adaptation.NO_STREAM_OPTIONS,
        id="cohere",
    ),
    pytest.param(
        {
            "code": "Client specified an invalid argument",
            "error": "Argument not supported on this model: presencePenalty",
        },
        {"presence_penalty": 1, "stop": ["a"]},
        Adaptation.NO_PRESENCE_PENALTY,
        id="xai-camel-case",
    ),
    pytest.param(
        {"code": "invalid", "error": "Model grok does not support parameter reasoningEffort."},
        {"reasoning_effort": "low"},
        Adaptation.NO_REASONING_EFFORT,
        id="xai-effort",
    ),
    pytest.param(
        [
            {
                "error": {
                    "code": 400,
                    "message": "Invalid JSON payload received. "
                    'Unknown name "seed": Cannot find field.',
                    "status": "INVALID_ARGUMENT",
                }
            }
        ],
        {"seed": 5},
        Adaptation.RANDOM_SEED,
        id="gemini-unknown-name",
    ),
    pytest.param(
        [{"error": {"code": 400, "message": "Penalty is not enabled for models/gemini-2.5-pro"}}],
        {"presence_penalty": 1},
        Adaptation.NO_PRESENCE_PENALTY,
        id="gemini-penalty",
    ),
    pytest.param(
        {
            "type": "error",
            "error": {
                "type": "invalid_request_error",
                "message": "`temperature` and `top_p` cannot both be specified for this model. "
                "Please use only one.",
            },
        },
        {"temperature": 0.5, "top_p": 0.5},
        Adaptation.NO_TOP_P,
        id="anthropic-not-both",
    ),
    pytest.param(
        openai("`temperature` may only be set to 1 when thinking is enabled."),
        {"temperature": 0.5},
        Adaptation.NO_TEMPERATURE,
        id="anthropic-thinking",
    ),
    pytest.param(
        {
            "error": {
                "message": "litellm.UnsupportedParamsError: openai does not support parameters: "
                "['presence_penalty'], for model=gpt-5. To drop these, set "
                "`litellm.drop_params=True` or for proxy: `litellm_settings: drop_params: true`",
                "type": "None",
                "param": "None",
                "code": "400",
            }
        },
        {"temperature": 1, "presence_penalty": 1},
        Adaptation.NO_PRESENCE_PENALTY,
        id="litellm",
    ),
    pytest.param(
        openai(
            "litellm.UnsupportedParamsError: gpt-5 models don't support temperature=0.5. "
            "Only temperature=1 is supported. Temperature is free when reasoning_effort='none'"
        ),
        {"reasoning_effort": "low", "temperature": 0.5},
        Adaptation.NO_TEMPERATURE,
        id="litellm-first-named",
    ),
    pytest.param(
        openai("invalid temperature: only 1 is allowed for this model"),
        {"temperature": 0.5},
        Adaptation.NO_TEMPERATURE,
        id="kimi-temperature",
    ),
    pytest.param(
        openai('"gemma3" does not support thinking'),
        {"reasoning_effort": "low"},
        Adaptation.NO_REASONING_EFFORT,
        id="ollama-thinking",
    ),
    pytest.param(
        openai("unknown field `seed`, expected one of `messages`, `temperature`, `top_p`"),
        {"temperature": 1, "top_p": 1, "seed": 5},
        Adaptation.RANDOM_SEED,
        id="serde-lists-what-it-takes",
    ),
    pytest.param(
        {"error": {"message": "当前模型不支持参数 temperature", "code": "1210"}},
        {"temperature": 1},
        Adaptation.NO_TEMPERATURE,
        id="chinese",
    ),
]


@pytest.mark.parametrize(("refusal", "params", "adaptation"), FIELDS)
@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_field_teaches(
    refusal: object, params: dict[str, Any], adaptation: Adaptation, status: int
) -> None:
    assert learnt(refusal, sent(**params), status) == adaptation


@pytest.mark.parametrize(("refusal", "params", "adaptation"), FIELDS)
def test_what_the_body_does_not_hold_teaches_nothing(
    refusal: object, params: dict[str, Any], adaptation: Adaptation
) -> None:
    body = sent()
    del body["stream_options"]
    assert learnt(refusal, body) is None


@pytest.mark.parametrize(
    ("message", "body", "adaptation"),
    [
        (
            "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
            sent(SYSTEM, USER),
            Adaptation.DEVELOPER_ROLE,
        ),
        (
            "Unsupported value: 'messages[0].role' does not support 'developer' with this model.",
            sent(DEVELOPER, USER),
            Adaptation.SYSTEM_ROLE,
        ),
        (
            "Failed to deserialize the JSON body into the target type: messages[0].role: "
            "unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`",
            sent(DEVELOPER, USER),
            Adaptation.SYSTEM_ROLE,
        ),
        (
            "'developer' is not one of ['system', 'assistant', 'user'] - 'messages.0.role'",
            sent(DEVELOPER, USER),
            Adaptation.SYSTEM_ROLE,
        ),
        ("Unknown role: developer", sent(DEVELOPER, USER), Adaptation.SYSTEM_ROLE),
        ("System role not supported", sent(SYSTEM, USER), Adaptation.MERGED_SYSTEM),
        (
            "Only user and assistant roles are supported!",
            sent(SYSTEM, USER),
            Adaptation.MERGED_SYSTEM,
        ),
        (
            "Developer instruction is not enabled for models/gemma-3-27b-it",
            sent(SYSTEM, USER),
            Adaptation.MERGED_SYSTEM,
        ),
        ('messages: Unexpected role "system".', sent(SYSTEM, USER), Adaptation.MERGED_SYSTEM),
        (
            "Conversation roles must alternate user/assistant/user/assistant/...",
            sent(SYSTEM, USER),
            Adaptation.MERGED_SYSTEM,
        ),
        (
            "Conversation roles must alternate user/assistant/user/assistant/...",
            sent(SYSTEM, USER, USER),
            Adaptation.ALTERNATING_ROLES,
        ),
        (
            "deepseek-reasoner does not support successive user or assistant messages",
            sent(USER, USER),
            Adaptation.ALTERNATING_ROLES,
        ),
    ],
    ids=[
        *("openai-system", "openai-developer", "deepseek", "azure", "fastchat", "gemma", "mistral"),
        *("gemini", "anthropic", "no-system", "neighbours", "deepseek-neighbours"),
    ],
)
@pytest.mark.parametrize("status", [400, 500])
def test_a_refused_role_teaches(
    message: str, body: dict[str, Any], adaptation: Adaptation, status: int
) -> None:
    assert learnt(openai(message), body, status) == adaptation


def test_a_role_by_its_place_teaches() -> None:
    text = "Input should be 'system', 'user' or 'assistant'"
    told = {"type": "literal_error", "loc": ["body", "messages", 0, "role"], "msg": text}
    assert learnt({"detail": [told]}, sent(DEVELOPER, USER), 422) == Adaptation.SYSTEM_ROLE


@pytest.mark.parametrize(
    ("message", "wanted", "adaptation"),
    [
        ("This response_format type is unavailable now", SCHEMA, Adaptation.JSON_OBJECT),
        ("This response_format type is unavailable now", JSON, Adaptation.NO_JSON_OBJECT),
        (
            "Invalid parameter: 'response_format' of type 'json_schema' is not supported with "
            "this model.",
            SCHEMA,
            Adaptation.JSON_OBJECT,
        ),
        ("'response_format.type' must be 'json_schema' or 'text'", JSON, Adaptation.NO_JSON_OBJECT),
        (
            "This model does not support response format `json_schema`.",
            SCHEMA,
            Adaptation.JSON_OBJECT,
        ),
        ("Unknown parameter: 'response_format'.", SCHEMA, Adaptation.NO_RESPONSE_FORMAT),
        (
            'Invalid JSON payload received. Unknown name "response_format": Cannot find field.',
            JSON,
            Adaptation.NO_RESPONSE_FORMAT,
        ),
    ],
    ids=["deepseek", "deepseek-object", "openai", "lmstudio", "groq", "unknown", "gemini"],
)
def test_a_refused_format_teaches_the_next_simpler_one(
    message: str, wanted: dict[str, Any], adaptation: Adaptation
) -> None:
    assert learnt(openai(message), sent(response_format=wanted)) == adaptation


@pytest.mark.parametrize(
    ("refusal", "params"),
    [
        (
            openai(
                "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, "
                "but got 3 instead.",
                "temperature",
                "decimal_above_max_value",
            ),
            {"temperature": 3},
        ),
        (flat("3.0 is greater than the maximum of 2 - 'temperature'", 40302), {"temperature": 3}),
        (
            openai("Invalid temperature value, the valid range of temperature is [0, 2]"),
            {"temperature": 3},
        ),
        (openai("temperature 3 is not allowed, it must be between 0 and 2"), {"temperature": 3}),
        (
            {
                "detail": [
                    {
                        "type": "less_than_equal",
                        "loc": ["body", "temperature"],
                        "msg": "Input should be less than or equal to 1.5",
                        "input": 1.8,
                    }
                ]
            },
            {"temperature": 1.8},
        ),
        (flat("max_tokens is too large"), {"max_tokens": 10**9}),
        (
            openai(
                "Unsupported value: 'reasoning_effort' does not support 'minimal' with this "
                "model. Supported values are: 'low', 'medium', and 'high'.",
                "reasoning_effort",
                "unsupported_value",
            ),
            {"reasoning_effort": "minimal"},
        ),
        (
            openai("Invalid schema for response_format 'a': 'format' is not permitted."),
            {"response_format": SCHEMA},
        ),
        (
            openai("'messages' must contain the word 'json' in some form"),
            {"response_format": JSON},
        ),
        (
            flat("Value error, current model does not support parameter `enable_thinking`.", 20015),
            {"enable_thinking": True, "temperature": 1},
        ),
        (
            openai("unknown field `top_k`, expected one of `messages`, `temperature`"),
            {"top_k": 5, "temperature": 1},
        ),
        (
            {"detail": [{"loc": ["body"], "msg": "not permitted", "input": {"temperature": 1}}]},
            {"temperature": 1},
        ),
        (flat("This model's maximum context length is 4096 tokens.", 40303), {"max_tokens": 5}),
        (openai("unknown field: topK, not one of temperature"), {"topK": 5, "temperature": 1}),
        ({}, {"temperature": 1}),
    ],
    ids=[
        *("openai-range", "fastchat-range", "deepseek-range", "range-in-words", "pydantic-range"),
        *("too-large", "other-efforts", "schema", "no-word-json", "own-extra", "own-extra-listed"),
        *("echo", "context", "own-camel-case", "nothing-said"),
    ],
)
def test_what_the_user_should_correct_is_left_to_the_user(
    refusal: object, params: dict[str, Any]
) -> None:
    assert learnt(refusal, sent(**params)) is None


@pytest.mark.parametrize(
    ("status", "message", "model", "params"),
    [
        (500, "The model doubao-seed-1.6 is unavailable", "doubao-seed-1.6", {"seed": 7}),
        (400, "The model doubao-seed-1.6 is not supported", "doubao-seed-1.6", {"seed": 7}),
        (400, "model seed is not supported", "vendor/seed", {"seed": 7}),
        (400, "top-seed-2 is not supported here", "alias", {"seed": 7}),
        (
            502,
            "Not available for this reasoning model",
            "m",
            {"reasoning_effort": 1},
        ),
        (400, "Not supported for this reasoning model", "m", {"reasoning_effort": "low"}),
        (500, "internal error while reading include_usage", "m", {}),
        (500, "temperature is not supported by the worker", "m", {"temperature": 1}),
        (
            400,
            "temperature is not supported now, try again later",
            "m",
            {"temperature": 1},
        ),
        (400, "stream_options: temporarily out of order", "m", {}),
        (400, "temperature above 1.0 is not supported", "m", {"temperature": 1.9}),
        (400, "temperature > 1 is not supported", "m", {"temperature": 1.9}),
        (400, "不支持temperature大于1", "m", {"temperature": 1.9}),
        (400, "System role not supported right now, retry later", "m", {}),
    ],
)
def test_what_passes_or_is_of_the_model_or_of_a_value_teaches_nothing(
    status: int, message: str, model: str, params: dict[str, Any]
) -> None:
    assert learnt(openai(message), {**sent(**params), "model": model}, status) is None


def test_a_name_between_chinese_characters_is_found() -> None:
    assert learnt(openai("参数temperature不支持"), sent(temperature=1)) == Adaptation.NO_TEMPERATURE


def test_a_failure_that_names_no_such_field_teaches() -> None:
    told = openai("unknown field: stream_options")
    assert learnt(told, sent(), 500) == Adaptation.NO_STREAM_OPTIONS


@pytest.mark.parametrize(
    "kind",
    [kind for kind in ErrorKind if kind not in (ErrorKind.BAD_REQUEST, ErrorKind.UPSTREAM)],
)
def test_only_refusals_of_the_request_teach(kind: ErrorKind) -> None:
    assert learn(sent(), UpstreamError(kind, "unknown field: stream_options")) is None


def test_what_was_tried_is_not_tried_again_nor_undone() -> None:
    message = openai("messages[0].role does not support 'developer'")
    assert (
        learnt(message, sent(DEVELOPER), tried=(Adaptation.DEVELOPER_ROLE,))
        == Adaptation.MERGED_SYSTEM
    )
    assert (
        learnt(
            message, sent(DEVELOPER), tried=(Adaptation.DEVELOPER_ROLE, Adaptation.MERGED_SYSTEM)
        )
        is None
    )


@pytest.mark.parametrize(
    "text",
    [
        *("system " * 9000, "not support " * 9000, "must be 1 " * 9000, "'" * 50_000),
        *("unknown " * 9000, "messages[0" * 9000, "only a" + "." * 50_000, "\ud800\x00" * 9000),
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_reading_a_hostile_refusal_takes_no_time(text: str) -> None:
    body = sent(**{f"{text[:2]}{number}": 1 for number in range(3000)}, temperature=1)
    started = time.process_time()
    learnt(openai(text), body)
    assert time.process_time() - started < MOST_S


def test_a_shape_that_nobody_knows_is_read_as_it_came() -> None:
    refusal = {"errors": [{"field": "stream_options", "why": "unknown"}]}
    assert learnt(refusal, sent()) == Adaptation.NO_STREAM_OPTIONS


def test_an_error_in_a_stream_teaches_by_its_words_alone() -> None:
    error = UpstreamError(ErrorKind.BAD_REQUEST, "stream_options is not supported")
    assert learn(sent(), error) == Adaptation.NO_STREAM_OPTIONS
