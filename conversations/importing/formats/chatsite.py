"""This site's own export, as docs/export.md describes it: nothing of it is left out."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from conversations.importing import fields
from conversations.importing.tree import mended
from conversations.importing.values import (
    Ended,
    Image,
    Policy,
    Reason,
    Source,
    SourceMessage,
    SourceSummary,
)
from conversations.transcript import AMOUNTS, Mark
from providers.parameters import Parameters

FORMAT = "chatsite"
VERSION = 1
_STATES = frozenset({"complete", "stopped", "interrupted", "failed"})
_BASES = frozenset({"measured", "estimated"})
_TIMES = ("started_at", "first_token_at", "thought_until", "ended_at")
_TOKENS = {
    "read": "prompt_tokens",
    "written": "completion_tokens",
    "cached": "cached_tokens",
    "reasoning": "reasoning_tokens",
}
_MARKS = {mark.value: mark for mark in Mark}
_KEEPS = {keep.value: keep for keep in AMOUNTS}
_CURRENCY = re.compile(r"[A-Z]{3}")
# What the column holds: 18 digits, 9 of them after the point.
_MOST_COST = Decimal(10) ** 9


def reads(entry: dict[str, Any]) -> bool:
    return "leaf" in entry and isinstance(entry.get("messages"), list)


def read(entry: dict[str, Any]) -> Source:
    rows = [_message(fields.mapping(row)) for row in fields.items(entry.get("messages"))]
    tree = mended(rows)
    parameters, left_out = _parameters(entry.get("parameters"))
    return Source(
        key=fields.key(entry.get("id")),
        title=fields.text(entry.get("title")),
        messages=tree.messages,
        leaf=tree.standing.get(fields.key(entry.get("leaf")), ""),
        system_prompt=fields.text(entry.get("system_prompt")),
        parameters=parameters,
        policy=_policy(fields.mapping(entry.get("sent"))),
        created_at=fields.moment(entry.get("created_at")),
        updated_at=fields.moment(entry.get("updated_at")),
        left_out={**tree.left_out, **left_out},
    )


def _parameters(value: object) -> tuple[dict[str, Any], dict[Reason, int]]:
    try:
        return Parameters.from_mapping(fields.mapping(value)).to_wire(), {}
    except (ValueError, TypeError):
        return {}, {Reason.BAD_PARAMETERS: 1}


def _message(row: dict[str, Any]) -> SourceMessage:
    return SourceMessage(
        id=fields.key(row.get("number")),
        parent=fields.key(row.get("parent")),
        role=fields.text(row.get("role")),
        text=fields.text(row.get("text")),
        reasoning=fields.text(row.get("reasoning")),
        model_name=fields.name(row.get("model")),
        created_at=fields.moment(row.get("created_at")),
        ended=_ended(fields.mapping(row.get("answer"))),
        images=tuple(map(_image, fields.items(row.get("images")))),
        mark=_MARKS.get(fields.text(row.get("mark")), Mark.NONE),
        summary=_summary(fields.mapping(row.get("summary"))),
    )


def _policy(told: dict[str, Any]) -> Policy:
    """What nobody could have set is as if it were not there."""
    keep, amount = _KEEPS.get(fields.text(told.get("keep"))), fields.count(told.get("amount"))
    if keep is None or amount is None:
        return Policy()
    least, most = AMOUNTS[keep]
    return Policy(keep, amount) if least <= amount <= most else Policy()


def _summary(told: dict[str, Any]) -> SourceSummary | None:
    text = fields.text(told.get("text"))
    is_edited, name = told.get("edited") is True, fields.name(told.get("model"))
    return SourceSummary(text, is_edited, name) if text else None


def _image(value: object) -> Image:
    told = fields.mapping(value)
    if data := fields.text(told.get("data")):
        return Image(url=f"data:{fields.name(told.get('media_type'))};base64,{data}")
    return Image(url=fields.text(told.get("url")), refusal=fields.text(told.get("refusal")))


def _ended(row: dict[str, Any]) -> Ended:
    state = fields.text(row.get("state"))
    tokens, cost = fields.mapping(row.get("tokens")), fields.mapping(row.get("cost"))
    found: dict[str, Any] = {name: fields.moment(row.get(name)) for name in _TIMES}
    found |= {column: fields.count(tokens.get(name)) for name, column in _TOKENS.items()}
    found |= {
        "tokens_basis": _basis(tokens),
        "cost": _amount(cost.get("amount")),
        "currency": _currency(cost.get("currency")),
        "cost_basis": _basis(cost),
        "finish_reason": fields.text(row.get("finish_reason"))[:64],
        "error_kind": fields.text(row.get("error")),
        "route": fields.name(row.get("route")),
    }
    return Ended(state if state in _STATES else "interrupted" if row else "complete", found)


def _basis(told: dict[str, Any]) -> str:
    basis = told.get("basis")
    return basis if isinstance(basis, str) and basis in _BASES else "unknown"


def _amount(value: object) -> Decimal | None:
    try:
        amount = Decimal(value) if isinstance(value, str) and len(value) < 40 else None
    except InvalidOperation:
        return None
    is_amount = amount is not None and amount.is_finite() and 0 <= amount < _MOST_COST
    return round(amount, 9) if is_amount and amount is not None else None


def _currency(value: object) -> str:
    return value if isinstance(value, str) and _CURRENCY.fullmatch(value) else ""
