"""Which kind of error a complaint is: the first rule that fits, from the surest to the vaguest."""

import re

from providers.complaint import Complaint
from providers.errors import ErrorKind as Kind

# Codes with one meaning wherever they are met. Compared whole: a message may hold any number.
CODES = {
    **dict.fromkeys(("1000", "1001", "1002", "1003", "1004"), Kind.AUTH),
    **dict.fromkeys(("1113", "30011"), Kind.BILLING),
    **dict.fromkeys(("1302", "1308", "1310", "42901", "42902", "42903"), Kind.RATE_LIMIT),
    **dict.fromkeys(("1305", "50508"), Kind.OVERLOADED),
    **dict.fromkeys(("1211", "20012", "40301"), Kind.NOT_FOUND),
    **dict.fromkeys(("1261", "40303"), Kind.CONTEXT_TOO_LONG),
    **dict.fromkeys(("50001", "50002"), Kind.UPSTREAM),
    "1301": Kind.CONTENT_FILTER,
    "40302": Kind.BAD_REQUEST,
}

# Said with the words of billing, meant per minute.
_THROTTLED = re.compile(
    r"resource_exhausted|allocated quota exceeded|been rate.?limited|tokens? per minute"
)
_RULES = tuple(
    (re.compile(pattern), frozenset(statuses), kind)
    for pattern, statuses, kind in (
        (
            r"insufficient[ _](user_)?(quota|balance|credit|funds)|credit balance|creditserror"
            r"|exceeded_current_quota|exceeded your current quota|quota is not enough|arrearage"
            r"|budget.{0,10}exceeded|credit.?limit|available credits|spending limit"
            r"|paid balance|billing_|余额|欠费|额度不足|额度已用尽|额度失败",
            {402},
            Kind.BILLING,
        ),
        (
            r"no available channel|无可用渠道|可用渠道不存在|get_channel_failed|no_available_key",
            (),
            Kind.NO_CHANNEL,
        ),
        (
            r"content_filter|content.?policy|content management policy|responsibleai"
            r"|data_inspection_failed|sensitive_words|prompt_blocked|moderation_blocked|high risk"
            r"|flagged|敏感",
            (),
            Kind.CONTENT_FILTER,
        ),
        (
            r"context_length|context length|context size|context window|exceed_context"
            r"|prompt is too long|too many input tokens|input length and",
            (),
            Kind.CONTEXT_TOO_LONG,
        ),
        (
            r"invalid_api_key|api key not valid|invalid api key|incorrect api key"
            r"|authentication_error|invalid_authentication|无效的令牌|未提供令牌",
            {401},
            Kind.AUTH,
        ),
        (r"timed out|idle timeout|timeout exceeded", {408, 504, 524}, Kind.TIMEOUT),
        (
            r"model_not_found|not_found_error|model.{0,80} (not found|does not exist)"
            r"|unexpected endpoint|no such model|模型不存在",
            {404},
            Kind.NOT_FOUND,
        ),
        (
            r"overloaded|\bbusy\b|loading model|capacity_exceeded|over capacity"
            r"|负载已饱和|访问量过大",
            {529, 498},
            Kind.OVERLOADED,
        ),
        (r"rate_limit|too many requests|throttling", {429}, Kind.RATE_LIMIT),
        (r"service_unavailable|unavailable_error", {503}, Kind.OVERLOADED),
        (r"permission_error|permission_denied|access_denied", {403}, Kind.PERMISSION),
        (r"invalid_request_error|badrequesterror|invalid_argument", (), Kind.BAD_REQUEST),
    )
)


def classify(complaint: Complaint, status: int) -> Kind:
    """The kind; the error's own status counts where the response said 200."""
    status = status if status >= 400 else complaint.status or 0
    if complaint.code in CODES:
        return CODES[complaint.code]
    said = f"{complaint.code} {complaint.type} {complaint.message}".lower()
    if status == 429 and _THROTTLED.search(said):
        return Kind.RATE_LIMIT
    # A kind that the status decides stands above vaguer words: a 5xx with "invalid" stays a 5xx.
    for pattern, statuses, kind in _RULES:
        if status in statuses or pattern.search(said):
            return Kind.UPSTREAM if kind == Kind.BAD_REQUEST and status >= 500 else kind
    return Kind.BAD_REQUEST if 400 <= status < 500 else Kind.UPSTREAM
