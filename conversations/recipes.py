"""The next request as whoever wants to send it without this site would write it down."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pprint import pformat
from typing import Any

from providers.lessons import Lessons
from providers.messages import ChatRequest
from providers.models import Model, Source

# In place of the key, which no page shows; and of the address where there is none that stays.
KEY = "OPENAI_API_KEY"
BASE_URL = "OPENAI_BASE_URL"

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """`base_url` is '' for the embedded model, which is somewhere else each time."""

    base_url: str
    body: Body

    def told_as(self, form: str) -> str:
        """`form` is one of FORMS."""
        return FORMS[form](self)


def request_to(model: Model, asked: ChatRequest) -> Request:
    """As the model's first address is asked, with what its service taught."""
    base_url = "" if model.provider.source == Source.LOCAL else model.provider.base_url
    place = (model.provider.base_url, asked.model)
    body = Lessons(place, asked.to_wire(stream=True), asked.known).body
    return Request(base_url.rstrip("/"), body)


def _as_json(request: Request) -> str:
    return json.dumps(request.body, ensure_ascii=False, indent=2)


def _as_curl(request: Request) -> str:
    """The body comes in a here-document: no line of JSON can be its end, nor is anything in it
    the shell's."""
    base_url = request.base_url.replace("'", "%27") or f"${BASE_URL}"
    quote = "'" if request.base_url else '"'
    return (
        f"curl -N {quote}{base_url}/chat/completions{quote} \\\n"
        f'  -H "Authorization: Bearer ${KEY}" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"  --data-binary @- <<'JSON'\n{_as_json(request)}\nJSON\n"
    )


def _as_python(request: Request) -> str:
    """With nothing but the standard library."""
    base_url = repr(request.base_url) if request.base_url else f'os.environ["{BASE_URL}"]'
    body = pformat(dict(request.body), width=96, sort_dicts=False)
    return (
        "import json\nimport os\nimport sys\nimport urllib.request\n\n"
        f"body = {body}\n\n"
        "request = urllib.request.Request(\n"
        f'    {base_url} + "/chat/completions",\n'
        "    json.dumps(body).encode(),\n"
        "    {\n"
        f'        "Authorization": "Bearer " + os.environ["{KEY}"],\n'
        '        "Content-Type": "application/json",\n'
        "    },\n"
        ")\n"
        "with urllib.request.urlopen(request) as response:\n"
        "    for line in response:\n"
        "        sys.stdout.write(line.decode())\n"
    )


FORMS: dict[str, Callable[[Request], str]] = {
    "json": _as_json,
    "curl": _as_curl,
    "python": _as_python,
}
