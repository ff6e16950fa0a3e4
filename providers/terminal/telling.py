"""An answer as the JSON object that a command prints."""

import json
from dataclasses import asdict

from providers.events import Usage
from providers.models import Model


def as_json(model: Model, usage: Usage | None, **answer: object) -> str:
    """The answer's own parts between who gave it and what it took; one line."""
    told = {
        "model": model.model_id,
        "provider": model.provider.name,
        **answer,
        "usage": asdict(usage or Usage()),
    }
    return json.dumps(told, ensure_ascii=False)
