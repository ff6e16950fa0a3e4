"""Wordings of services, by kind; each as it comes, with its status and type."""

import json
from typing import Any

import pytest

from providers.errors import ErrorKind
from providers.failure import failure_of_body

INVALID = "invalid_request_error"


def kind_of(status: int, message: str, kind: str = "", **more: Any) -> ErrorKind:
    body = json.dumps({"error": {"message": message, "type": kind, **more}}).encode()
    return failure_of_body(status, {}, body).kind


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens. However, your messages have 5000.",
        "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        "Range of input length should be [1, 129024]",
        "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]",
        "Invalid request: Your request exceeded model token limit: 8192",
        "too many tokens: total number of tokens in the prompt cannot exceed 4081",
        "prompt is too long: 208310 tokens > 200000 maximum",
        "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
        "Input is too long for requested model.",
        "the request exceeds the available context size (4096 tokens), try increasing it",
        "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
        "The decoder prompt (length 9000) is longer than the maximum model length of 8192.",
        "Please reduce the length of the messages or completion.",
        "Input length (9000 tokens) exceeds the maximum allowed length (8192 tokens).",
        "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
        "Total tokens of image and text exceed max message tokens",
        "输入内容超长，请缩短后重试",
        "Prompt 超长",
    ],
)
@pytest.mark.parametrize("kind", ["", INVALID])
def test_a_conversation_that_is_too_long_is_told_as_such(message: str, kind: str) -> None:
    assert kind_of(400, message, kind) == ErrorKind.CONTEXT_TOO_LONG


def test_a_request_too_large_for_its_model_is_too_long_unless_it_is_meant_per_minute() -> None:
    message = "Request too large for model `m`"
    assert kind_of(413, message) == ErrorKind.CONTEXT_TOO_LONG
    per_minute = f"{message} on tokens per min (TPM): Limit 10000, Requested 20000."
    assert kind_of(429, per_minute, "tokens") == ErrorKind.RATE_LIMIT


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens is too large: 99999. This model supports at most 4096 completion tokens.",
        "max_tokens超出范围",
        "Invalid 'user': string too long. Expected a string with maximum length 64.",
        "Unknown parameter: 'flagged'.",
        'Unknown parameter: "overloaded".',
        "Unknown parameter: `busy`",
        "The value “timed out” of metadata is not allowed",
        "Invalid value: 'too many requests'. Supported values are: 'auto' and 'default'.",
    ],
)
@pytest.mark.parametrize("kind", ["", INVALID])
def test_a_wrong_parameter_is_no_more_than_that(message: str, kind: str) -> None:
    assert kind_of(400, message, kind) == ErrorKind.BAD_REQUEST


@pytest.mark.parametrize(
    "message",
    [
        "messages[3]: user text said server is busy",
        "Timed out while downloading the image",
        "the message was flagged",
        "model overloaded_v2 takes no tools, there are too many requests for it",
    ],
)
def test_vague_words_do_not_overrule_who_says_that_the_request_is_wrong(message: str) -> None:
    assert kind_of(400, message, INVALID) == ErrorKind.BAD_REQUEST


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "Your credit balance is too low to access the API.", ErrorKind.BILLING),
        (400, "Your prompt was flagged as potentially violating", ErrorKind.CONTENT_FILTER),
        (400, "The request was rejected because it was considered high risk", "content_filter"),
        (400, "Incorrect API key provided", ErrorKind.AUTH),
        (400, "The model `m` has been decommissioned", ErrorKind.NOT_FOUND),
        (500, "Server is busy", ErrorKind.OVERLOADED),
    ],
)
def test_sure_words_overrule_it(status: int, message: str, kind: str) -> None:
    assert kind_of(status, message, INVALID) == kind


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"message": "API key expired. Please renew the API key."}, "auth"),
        (400, {"message": "x", "details": [{"reason": "API_KEY_INVALID"}]}, "auth"),
        (403, {"message": "Your API key is invalid"}, "auth"),
        (403, {"message": "", "code": "InvalidApiKey"}, "auth"),
        (403, {"message": "Missing API key"}, "auth"),
        (400, {"message": "", "type": "expired_key"}, "auth"),
        (200, {"message": "无权进行此操作，未登录且未提供 access token"}, "auth"),
        (409, {"message": "conflict"}, "overloaded"),
        (400, {"message": "", "code": "Arrearage"}, "billing"),
        (400, {"message": "", "code": "DataInspectionFailed"}, "content_filter"),
        (403, {"message": 'requires moderation; flagged for "x"'}, "content_filter"),
        (403, {"message": "no", "type": "key_model_access_denied"}, "permission"),
        (403, {"message": "no", "code": "INSUFFICIENT_BALANCE"}, "billing"),
        (200, {"message": "无权访问 vip 分组", "type": "new_api_error"}, "permission"),
        (200, {"message": "您已达到请求数限制", "type": "new_api_error"}, "rate_limit"),
        (404, {"message": "", "code": "ModelNotFound"}, "not_found"),
        (500, {"message": "insufficient funds of memory"}, "upstream"),
        (500, {"message": "model requires more system memory than is available"}, "upstream"),
        (402, {"message": "This request requires more credits"}, "billing"),
        (200, {"message": 'failed: {"message": "server busy"}'}, "overloaded"),
    ],
)
def test_who_says_it_in_other_words_is_understood(
    status: int, error: dict[str, Any], kind: str
) -> None:
    body = json.dumps({"error": error}).encode()
    assert failure_of_body(status, {}, body).kind == kind


@pytest.mark.parametrize("text", ["'" * 9000, "“" * 9000, "prompt " * 3000, '{"a' * 5000])
def test_reading_a_hostile_wording_takes_no_time(text: str) -> None:
    assert kind_of(400, text) == ErrorKind.BAD_REQUEST
