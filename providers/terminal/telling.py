"""An answer, or an error, as the JSON that a command prints."""

import json
from dataclasses import asdict
from typing import Any

from providers.errors import UpstreamError
from providers.events import Usage
from providers.models import Model
from providers.words import words


def as_json(model: Model, usage: Usage | None, **answer: object) -> str:
    """The answer's own parts between who gave it and what it took; one line."""
    told = {
        "model": model.model_id,
        "provider": model.provider.name,
        **answer,
        "usage": asdict(usage or Usage()),
    }
    return json.dumps(told, ensure_ascii=False)


def error_as_told(error: UpstreamError) -> dict[str, Any]:
    told = words(error.kind)
    return {
        "kind": str(error.kind.family),
        "message": error.detail or str(told.message),
        "hint": str(told.hint),
        "retry_after_s": error.retry_after_s,
    }
