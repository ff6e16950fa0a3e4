from pathlib import Path

import pytest

from providers.models import Provider
from tests import upstream as wire
from tests.providers.management.terminal import Terminal, offer, said
from tests.upstream import Upstream

MP3 = b"ID3\x04 some sound"
HEARD = {
    "text": "Hello",
    "language": "english",
    "duration": 1.5,
    "segments": [{"start": 0, "end": 1.5, "text": "Hello"}],
}


@pytest.fixture(autouse=True)
def site(provider: Provider) -> None:
    offer(provider, "a-chat", "tts-1", "whisper-1")


@pytest.fixture
def recording(tmp_path: Path) -> str:
    (tmp_path / "said.mp3").write_bytes(MP3)
    return str(tmp_path / "said.mp3")


def field(name: str, value: str) -> bytes:
    return f'name="{name}"\r\n\r\n{value}\r\n'.encode()


def test_what_is_said_is_written_down(
    terminal: Terminal, service: Upstream, recording: str
) -> None:
    service.script(said(HEARD))
    assert terminal.run("transcribe", recording).text == "Hello\n"
    assert service.journal[0].model == "whisper-1"
    assert b'filename="said.mp3"\r\nContent-Type: audio/mpeg\r\n\r\n' + MP3 in (
        service.journal[0].raw
    )


def test_a_recording_from_standard_input_is_named_by_its_kind(
    terminal: Terminal, service: Upstream
) -> None:
    service.script(said(HEARD))
    terminal.run("transcribe", "-", stdin=MP3)
    assert b'filename="file.mp3"\r\nContent-Type: audio/mpeg' in service.journal[0].raw


def test_what_was_set_is_sent(terminal: Terminal, service: Upstream, recording: str) -> None:
    service.script(said(HEARD))
    set_ = {"language": "en", "prompt": "Olivia", "response_format": "verbose_json"}
    options = ("--language", "en", "--prompt", "Olivia", "--format", "verbose_json")
    terminal.run("transcribe", recording, *options, "--param", "temperature=0.5")
    raw = service.journal[0].raw
    assert [name for name in set_ if field(name, set_[name]) not in raw] == []
    assert field("temperature", "0.5") in raw


def test_nothing_else_is_sent(terminal: Terminal, service: Upstream, recording: str) -> None:
    service.script(said(HEARD))
    terminal.run("transcribe", recording)
    assert service.journal[0].raw.count(b"; name=") == 2


def test_json_tells_the_times(terminal: Terminal, service: Upstream, recording: str) -> None:
    service.script(said(HEARD))
    told = terminal.run("transcribe", recording, "--json").json
    assert (told["model"], told["text"], told["language"]) == ("whisper-1", "Hello", "english")
    assert told["duration_s"] == 1.5
    assert told["segments"] == [{"start_s": 0.0, "end_s": 1.5, "text": "Hello", "speaker": ""}]


def test_subtitles_go_to_a_file_as_they_came(
    terminal: Terminal, service: Upstream, recording: str, tmp_path: Path
) -> None:
    subtitles = "1\n00:00:00,000 --> 00:00:01,500\n你好\n"
    service.script(wire.response(200, "text/plain", subtitles.encode()))
    file = tmp_path / "said.srt"
    terminal.run("transcribe", recording, "--format", "srt", "-o", str(file))
    assert file.read_text(encoding="utf-8") == subtitles


def test_what_is_said_does_not_steer_a_terminal(
    terminal: Terminal, service: Upstream, recording: str
) -> None:
    service.script(said({"text": "a\x1b[2Jb\n"}))
    assert terminal.run("transcribe", recording, writes_tty=True).text == "a\ufffd[2Jb\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("/nowhere/at/all.mp3",), "/nowhere/at/all.mp3 cannot be read: No such file"),
        (("-",), "Standard input is empty"),
        (("RECORDING", "--json", "--format", "srt"), "--json"),
        (("RECORDING", "-o", "/nowhere/at/all"), "cannot be written"),
    ],
    ids=["missing", "empty", "subtitles_in_json", "output"],
)
def test_bad_arguments_are_told_and_nothing_is_asked(
    terminal: Terminal, service: Upstream, recording: str, arguments: tuple[str, ...], told: str
) -> None:
    given = [recording if text == "RECORDING" else text for text in arguments]
    outcome = terminal.run("transcribe", *given)
    assert (outcome.code, told in outcome.error) == (2, True)
    assert service.journal == []


def test_a_recording_that_is_too_large_for_the_service_is_told_in_its_words(
    terminal: Terminal, service: Upstream, recording: str
) -> None:
    service.script(wire.error(413, "Maximum content size limit (26214400) exceeded"))
    outcome = terminal.run("transcribe", recording)
    assert (outcome.code, "26214400" in outcome.error) == (1, True)
