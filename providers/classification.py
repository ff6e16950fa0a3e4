"""Which kind of error a complaint is: the first rule that fits, from the surest to the vaguest."""

import re
from dataclasses import dataclass

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
    r"resource_exhausted|allocated quota exceeded|been rate.?limited|tokens? per min"
)
# What a message quotes are the request's words and not the service's. JSON is what a service
# quotes of another one, and counts.
_QUOTED = re.compile(r"""(?<!\w)'[^']*'(?!\w)|"[^"]*"|`[^`]*`|“[^“”]*”|«[^«»]*»|「[^「」]*」""")
_JSON = re.compile(r"""[{,]\s*["']\w+["']\s*:""")
_BAD_REQUEST = re.compile(
    r"invalid_request|badrequest|bad_request|invalid_argument|invalid_?parameter|invalid_value"
    r"|(?:unknown|unsupported)_parameter|extra_forbidden"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """`sure` words mean this kind wherever they stand. `vague` ones are common words: they count in
    the service's own prose alone, and not where it says that the request is wrong."""

    kind: Kind
    statuses: frozenset[int]
    sure: re.Pattern[str]
    vague: re.Pattern[str] | None

    @classmethod
    def of(cls, kind: Kind, statuses: set[int], sure: str, vague: str = "") -> "_Rule":
        return cls(
            kind, frozenset(statuses), re.compile(sure), re.compile(vague) if vague else None
        )


_RULES = (
    _Rule.of(
        Kind.BILLING,
        {402},
        r"insufficient[ _](?:user_)?(?:quota|balance|credit)|insufficient funds\b(?! (?:of|for))"
        r"|credit balance|creditserror|insufficientbalance"
        r"|exceeded_current_quota|exceeded your current quota|quota is not enough|arrearage"
        r"|budget.{0,10}exceeded|credit.?limit|(?:available|more) credits|spending limit"
        r"|paid balance|billing_|余额|欠费|额度不足|额度已用尽|额度失败",
    ),
    _Rule.of(
        Kind.NO_CHANNEL,
        set(),
        r"no available channel|无可用渠道|可用渠道不存在|get_channel_failed|no_available_key",
    ),
    _Rule.of(
        Kind.CONTENT_FILTER,
        set(),
        r"content_filter|content.?policy|content management policy|responsibleai"
        r"|data_?inspection_?failed|sensitive_words|prompt_blocked|moderation_blocked|high risk"
        r"|\bflagged (?:as|by|for)\b",
        r"\bflagged\b|敏感",
    ),
    _Rule.of(
        Kind.CONTEXT_TOO_LONG,
        set(),
        r"context[_ ]length|context size|context window|context limit|exceed_context"
        r"|context_window|tokens_limit_reached|exceed\w* (?:the )?(?:max(?:imum)? )?(?:model )?"
        r"(?:token limit|context|message tokens)|too many (?:input |prompt )?tokens"
        r"|\binput length and|(?:input|prompt) (?:is |was )?too long"
        r"|maximum (?:prompt|input|model) length|(?:prompt|input) length .{0,24}exceed"
        r"|range of input length|longer than the (?:maximum )?model|request too large for model"
        r"|(?:prompt|input) tokens? (?:count|length|limit).{0,24}exceed"
        r"|(?:(?<!_)tokens?|prompt|inputs?|输入|上下文|提示词?)[^。.]{0,16}(?:超长|过长|太长|超[过出])"
        r"|reduce the length of the (?:messages|prompt|input)",
    ),
    _Rule.of(
        Kind.AUTH,
        {401},
        r"invalid_?api_?key|api_key_invalid|(?:invalid|incorrect|expired|missing|no) api.?key\b"
        r"|\bapi.?key (?:(?:is|was|has) )?(?:been )?"
        r"(?:not valid|invalid|incorrect|expired|revoked|disabled|missing)"
        r"|authentication_?error|invalid_authentication|\bauth_error|expired_key"
        r"|token_not_found|无效的(?:令牌|密钥|api)|未登录|未提供.{0,4}(?:令牌|密钥|token|key)",
    ),
    _Rule.of(
        Kind.TIMEOUT,
        {408, 504, 524},
        r"\btimeout_?error",
        r"timed out|idle timeout|timeout exceeded",
    ),
    _Rule.of(
        Kind.NOT_FOUND,
        {404},
        r"model_?not_?found|not_found_error|model.{0,80} (?:not found|does not exist)"
        r"|model.{0,80} (?:has been|is) (?:decommissioned|retired|removed)"
        r"|unexpected endpoint|no such model|模型不存在",
    ),
    _Rule.of(
        Kind.OVERLOADED,
        # The second is a conflict with another request, which passes as well.
        {529, 409, 498},
        r"overloaded_error|engine_overloaded|server_is_overloaded|capacity_exceeded|over capacity"
        r"|loading model|slow_down|负载已饱和|访问量过大",
        r"overloaded|\bbusy\b|繁忙",
    ),
    _Rule.of(
        Kind.RATE_LIMIT,
        {429},
        r"rate_limit|ratelimit|throttling|limit_requests",
        r"too many requests|请求数限制|请求过于频繁",
    ),
    _Rule.of(Kind.OVERLOADED, {503}, r"service_unavailable|unavailable_error"),
    _Rule.of(
        Kind.PERMISSION,
        {403},
        r"permission_error|permission_denied|access_?denied|无权(?:使用|访问)|已被封禁",
    ),
    _Rule.of(Kind.BAD_REQUEST, set(), _BAD_REQUEST.pattern),
)


def classify(complaint: Complaint, status: int) -> Kind:
    """The kind; the error's own status counts where the response said 200."""
    status = status if status >= 400 else complaint.status or 0
    if complaint.code in CODES:
        return CODES[complaint.code]
    named = f"{complaint.code} {complaint.type}".lower()
    message = complaint.message.lower()
    said = f"{named} {message}"
    if status == 429 and _THROTTLED.search(said):
        return Kind.RATE_LIMIT
    prose = f"{named} {'' if _is_bad_request(status, named) else _unquoted(message)}"
    # A kind that the status decides stands above vaguer words: a 5xx with "invalid" stays a 5xx.
    for rule in _RULES:
        if status in rule.statuses or rule.sure.search(said) or _is_vaguely(rule, prose):
            return Kind.UPSTREAM if rule.kind == Kind.BAD_REQUEST and status >= 500 else rule.kind
    return Kind.BAD_REQUEST if 400 <= status < 500 else Kind.UPSTREAM


def _is_bad_request(status: int, named: str) -> bool:
    return status in (400, 422) and bool(_BAD_REQUEST.search(named))


def _is_vaguely(rule: _Rule, prose: str) -> bool:
    return rule.vague is not None and bool(rule.vague.search(prose))


def _unquoted(message: str) -> str:
    return message if _JSON.search(message) else _QUOTED.sub(" ", message)
