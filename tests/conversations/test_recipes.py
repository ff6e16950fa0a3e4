import ast
import asyncio
import json
import os
import sys
from typing import Any

import pytest

from conversations.recipes import Request
from tests import upstream as wire
from tests.upstream import Upstream

BODY: dict[str, Any] = {
    "stream_options": {"include_usage": True},
    "temperature": 0.5,
    "model": "m",
    "messages": [
        {"role": "system", "content": "Be 'brief' and \"plain\".\nJSON\n$HOME `id` \\n 中文 🎉"},
        {"role": "user", "content": "word " * 60},
    ],
    "stream": True,
    "seed": None,
}


def test_json_is_the_body() -> None:
    assert json.loads(Request("https://example.org/v1", BODY).told_as("json")) == BODY


async def test_the_python_sends_the_same_when_it_is_run() -> None:
    async with Upstream() as upstream:
        upstream.script(*wire.answer("Hello."))
        told = Request(upstream.base_url, BODY).told_as("python")
        output = await run([sys.executable, "-"], told)
        [received] = upstream.journal
    assert received.body == BODY
    assert "Hello." in output


async def test_the_shell_hands_curl_the_same_and_the_key_that_it_has() -> None:
    told = Request("https://example.org/v1", BODY).told_as("curl")
    # In the place of curl, which not every machine has.
    output = await run(["bash", "-s"], f"curl() {{ printf '%s\\n' \"$@\"; cat; }}\n{told}")
    words, body = output.split("\n@-\n")
    assert json.loads(body) == BODY
    assert words.split("\n")[1] == "https://example.org/v1/chat/completions"
    assert "Authorization: Bearer sk-own" in words


async def run(program: list[str], script: str) -> str:
    environment = {"PATH": os.environ["PATH"], "OPENAI_API_KEY": "sk-own", "NO_PROXY": "*"}
    pipe = asyncio.subprocess.PIPE
    started = await asyncio.create_subprocess_exec(
        *program, env=environment, stdin=pipe, stdout=pipe
    )
    output, _errors = await started.communicate(script.encode())
    return output.decode()


@pytest.mark.parametrize("form", ["curl", "python"])
def test_a_model_without_an_address_of_its_own_is_told_by_a_name(form: str) -> None:
    assert "OPENAI_BASE_URL" in Request("", BODY).told_as(form)


def test_an_address_is_one_word_for_the_shell() -> None:
    told = Request("https://example.org/it's;id", BODY).told_as("curl")
    assert "'https://example.org/it%27s;id/chat/completions'" in told


def test_python_is_python_whatever_is_said() -> None:
    ast.parse(Request("https://example.org/v1", BODY).told_as("python"))
