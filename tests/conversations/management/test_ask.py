"""A question from the terminal: from where it is read, to where its answer goes, how it looks."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from conversations.models import Generation, Message
from providers.models import Provider
from tests.providers.management.terminal import Terminal, offer
from tests.upstream import CUT, EVENT_STREAM, HANG, Upstream, answer, chunk, error, finish


@pytest.fixture(autouse=True)
def site(provider: Provider) -> None:
    offer(provider, "a-chat")


def test_an_answer_goes_to_standard_output(terminal: Terminal, service: Upstream) -> None:
    service.script(*answer("Because ", "of 散射."))
    assert terminal.run("ask", "Why?").text == "Because of 散射.\n"


def test_a_question_comes_from_a_file_and_its_answer_goes_to_one(
    terminal: Terminal, service: Upstream, tmp_path: Path
) -> None:
    service.script(*answer("Because."))
    (tmp_path / "in").write_text("Why is\nthe sky blue?\n")
    told = terminal.run("ask", "--file", str(tmp_path / "in"), "-o", str(tmp_path / "out"))
    assert service.journal[0].body["messages"][-1]["content"] == "Why is\nthe sky blue?"
    assert (told.output, (tmp_path / "out").read_text()) == (b"", "Because.\n")


def test_a_question_comes_from_standard_input(terminal: Terminal, service: Upstream) -> None:
    service.script(*answer("Because."))
    terminal.run("ask", "-", stdin="为什么？\n天空".encode())
    assert service.journal[0].body["messages"][-1]["content"] == "为什么？\n天空"


def test_json_goes_to_a_file_too(terminal: Terminal, service: Upstream, tmp_path: Path) -> None:
    service.script(error(401, "no"))
    told = terminal.run("ask", "Why?", "--json", "-o", str(tmp_path / "out"))
    assert (told.code, told.output) == (1, b"")
    assert json.loads((tmp_path / "out").read_text())["error"]["kind"] == "auth"


def test_half_an_answer_does_not_replace_another(
    terminal: Terminal, service: Upstream, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("before")
    service.script(EVENT_STREAM, chunk("half"), CUT)
    assert terminal.run("ask", "Why?", "-o", str(tmp_path / "out")).code == 1
    assert (tmp_path / "out").read_text() == "before"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("",), "empty"),
        (("a", "--file", "b"), "not both"),
        (("--file", "/nowhere"), "cannot be read"),
        (("a", "-o", "/nowhere/at/all"), "cannot be written"),
        (("-o", "x"), "needs a question"),
    ],
)
def test_bad_arguments_are_told_and_nothing_is_asked(
    terminal: Terminal, service: Upstream, arguments: tuple[str, ...], told: str
) -> None:
    outcome = terminal.run("ask", *arguments)
    assert (outcome.code, told in outcome.error) == (2, True)
    assert service.journal == []


def test_what_comes_after_reasoning_is_told(terminal: Terminal, service: Upstream) -> None:
    service.script(
        EVENT_STREAM,
        chunk("I should consider the question carefully"),
        chunk("</think>Paris."),
        chunk(" It is."),
        finish(),
    )
    assert terminal.run("ask", "Where?").text.endswith("Paris. It is.\n")


@pytest.mark.parametrize(("is_tty", "sign"), [(True, "\ufffd"), (False, "\x1b")])
def test_an_answer_does_not_steer_a_terminal(
    terminal: Terminal, service: Upstream, is_tty: bool, sign: str
) -> None:
    service.script(*answer("a\x1b[2Jb"))
    assert terminal.run("ask", "Why?", writes_tty=is_tty).text == f"a{sign}[2Jb\n"


def test_a_chat_reads_line_by_line(terminal: Terminal, service: Upstream) -> None:
    service.script(*answer("one"))
    service.script(*answer("two"))
    assert terminal.run("ask", stdin=b"first\n\nsecond\nquit\n").text == "one\ntwo\n"
    assert len(service.journal[1].body["messages"]) == 3


def test_ctrl_c_keeps_what_came(terminal: Terminal, service: Upstream) -> None:
    def interrupt() -> None:
        while not service.journal:
            time.sleep(0.01)
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGINT)

    service.script(EVENT_STREAM, chunk("so far"), HANG)
    waiting = threading.Thread(target=interrupt)
    waiting.start()
    assert terminal.run("ask", "Why?").code == 130
    waiting.join()
    assert Generation.objects.get().state == "interrupted"
    assert Message.objects.get(role="assistant").content == "so far"
