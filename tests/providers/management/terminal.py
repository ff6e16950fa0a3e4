"""A command as a terminal or a script runs it: its input, its output, its end."""

import io
import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from providers.models import Model, Provider
from tests import upstream as wire


@dataclass
class Outcome:
    """`error` is what the command complains of, `code` what it would exit with."""

    output: bytes
    code: int = 0
    error: str = ""

    @property
    def text(self) -> str:
        return self.output.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.output)


class Terminal:
    """Standard input and output of commands: a pipe each, or a terminal."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def run(
        self, *arguments: str, stdin: bytes = b"", reads_tty: bool = False, writes_tty: bool = False
    ) -> Outcome:
        output = _Stream(io.BytesIO(), writes_tty)
        self._patch.setattr(sys, "stdin", _Stream(io.BytesIO(stdin), reads_tty))
        self._patch.setattr(sys, "stdout", output)
        code, said = 0, ""
        try:
            call_command(*arguments)
        except CommandError as error:
            code, said = error.returncode, str(error)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        output.flush()
        return Outcome(output.raw.getvalue(), code, said)


class _Stream(io.TextIOWrapper):
    def __init__(self, raw: io.BytesIO, is_terminal: bool) -> None:
        super().__init__(raw, encoding="utf-8")
        self.raw, self._is_terminal = raw, is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def offer(provider: Provider, *ids: str) -> None:
    for model_id in ids:
        Model.objects.create(provider=provider, model_id=model_id)


def said(value: object) -> bytes:
    return wire.response(200, "application/json", json.dumps(value).encode())
