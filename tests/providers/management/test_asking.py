"""Whatever becomes of a command that asks a service, the ledger has a row of it."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from providers.models import Call, Provider
from tests.providers.management.terminal import Terminal, offer, said
from tests.upstream import EVENT_STREAM, HANG, Upstream, error, models

COMMANDS = {
    "embeddings": ("embed", "a cat"),
    "image": ("draw", "a cat", "--json"),
    "transcription": ("transcribe", "-"),
    "speech": ("speak", "a cat"),
}


@pytest.fixture(autouse=True)
def site(provider: Provider) -> None:
    offer(provider, "text-embedding-1", "dall-e-3", "whisper-1", "tts-1")


@contextmanager
def interrupted_at(service: Upstream, count: int) -> Iterator[None]:
    """Ctrl-C, as soon as the service was asked so often."""

    def wait() -> None:
        while len(service.journal) < count:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    waiting = threading.Thread(target=wait)
    waiting.start()
    yield
    waiting.join()


@pytest.mark.parametrize(("kind", "command"), COMMANDS.items(), ids=COMMANDS)
def test_what_is_interrupted_is_entered(
    terminal: Terminal, service: Upstream, kind: str, command: tuple[str, ...]
) -> None:
    service.script(HANG)
    with interrupted_at(service, 1):
        assert terminal.run(*command, stdin=b"sound").code == 130
    call = Call.objects.get()
    assert (call.kind, call.outcome, call.tokens_basis) == (kind, "stopped", "unknown")
    assert call.route.startswith("Scripted, 127.0.0.1:")


def test_what_is_refused_is_entered_with_its_route(terminal: Terminal, service: Upstream) -> None:
    service.script(error(401, "no"))
    assert terminal.run("embed", "a cat").code == 1
    call = Call.objects.get()
    assert (call.outcome, call.error_kind) == ("failed", "auth")
    assert call.route.startswith("Scripted, 127.0.0.1:")


def test_vectors_without_a_count_are_estimated(terminal: Terminal, service: Upstream) -> None:
    service.script(said({"data": [{"embedding": [0.5]}]}))
    terminal.run("embed", "x" * 40)
    call = Call.objects.get()
    assert (call.prompt_tokens, call.completion_tokens) == (10, 0)
    assert call.tokens_basis == "estimated"


def test_a_check_that_is_interrupted_has_entered_what_it_asked(
    terminal: Terminal, service: Upstream
) -> None:
    service.script(models("one"))
    service.script(EVENT_STREAM, HANG)
    with interrupted_at(service, 2):
        assert terminal.run("checkprovider", "Scripted").code == 130
    assert list(Call.objects.values_list("kind", "outcome")) == [("chat", "stopped")]
