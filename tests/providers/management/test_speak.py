from pathlib import Path

import pytest

from providers.models import Provider
from tests import upstream as wire
from tests.providers.management.terminal import Terminal, offer
from tests.upstream import CUT, Upstream

MP3 = b"ID3\x04" + bytes(range(256))
SOUND = wire.response(200, "audio/mpeg", MP3)


@pytest.fixture(autouse=True)
def site(provider: Provider) -> None:
    offer(provider, "a-chat", "TeleSpeechASR", "SenseVoiceSmall", "tts-1")


def test_a_text_is_spoken_into_a_pipe(terminal: Terminal, service: Upstream) -> None:
    service.script(SOUND)
    assert terminal.run("speak", "Hello").output == MP3
    assert service.journal[0].body == {"model": "tts-1", "input": "Hello"}


def test_a_text_from_standard_input_is_spoken_into_a_file(
    terminal: Terminal, service: Upstream, tmp_path: Path
) -> None:
    service.script(SOUND)
    outcome = terminal.run("speak", "-o", str(tmp_path / "a.mp3"), stdin=b"Hello\n")
    assert (outcome.output, (tmp_path / "a.mp3").read_bytes()) == (b"", MP3)
    assert service.journal[0].body["input"] == "Hello"


def test_a_voice_and_a_speed_are_sent(terminal: Terminal, service: Upstream) -> None:
    service.script(SOUND)
    terminal.run("speak", "Hi", "--voice", "nova", "--speed", "1.5")
    sent = {name: service.journal[0].body[name] for name in ("voice", "speed")}
    assert sent == {"voice": "nova", "speed": 1.5}


@pytest.mark.parametrize(
    ("file", "arguments", "asked"),
    [
        ("a.WAV", (), "wav"),
        ("a.mp3", (), "mp3"),
        ("a.mp3", ("--format", "flac"), "flac"),
        ("a.sound", (), None),
        ("a", (), None),
    ],
)
def test_the_format_is_what_the_files_name_says(
    terminal: Terminal,
    service: Upstream,
    tmp_path: Path,
    file: str,
    arguments: tuple[str, ...],
    asked: str | None,
) -> None:
    service.script(SOUND)
    terminal.run("speak", "Hi", "-o", str(tmp_path / file), *arguments)
    assert service.journal[0].body.get("response_format") == asked


def test_a_terminal_gets_no_sound_and_nothing_is_asked(
    terminal: Terminal, service: Upstream
) -> None:
    outcome = terminal.run("speak", "Hello", writes_tty=True)
    assert (outcome.code, "--output" in outcome.error) == (2, True)
    assert service.journal == []


def test_an_empty_text_is_not_spoken(terminal: Terminal) -> None:
    assert terminal.run("speak", " ").code == 2


def test_an_error_in_place_of_sound_is_told_and_not_written(
    terminal: Terminal, service: Upstream, tmp_path: Path
) -> None:
    (tmp_path / "a.mp3").write_bytes(b"kept")
    service.script(wire.response(200, "audio/mpeg", b'{"error": "no such voice"}'))
    outcome = terminal.run("speak", "Hi", "-o", str(tmp_path / "a.mp3"))
    assert (outcome.code, "no such voice" in outcome.error) == (1, True)
    assert (tmp_path / "a.mp3").read_bytes() == b"kept"


def test_a_sound_that_breaks_off_is_told_after_what_came(
    terminal: Terminal, service: Upstream
) -> None:
    service.script(SOUND.replace(b"260", b"999"), CUT)
    outcome = terminal.run("speak", "Hi")
    assert (outcome.code, outcome.output) == (1, MP3)
    assert "broke off" in outcome.error
