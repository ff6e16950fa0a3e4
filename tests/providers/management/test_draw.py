import base64
from pathlib import Path

import pytest

from providers.models import Provider
from tests import upstream as wire
from tests.providers.management.terminal import Terminal, offer, said
from tests.upstream import Upstream

PNG = b"\x89PNG\r\n\x1a\n"
ENCODED = base64.b64encode(PNG).decode()
IMAGE = {"b64_json": ENCODED}
CUT_OFF = {"b64_json": ENCODED[:-3]}


@pytest.fixture(autouse=True)
def site(provider: Provider) -> None:
    offer(provider, "a-chat", "gpt-image-1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cat.png"


def drawn(service: Upstream, *images: object) -> None:
    service.script(said({"data": images, "usage": {"output_tokens": 7}}))


def at(service: Upstream) -> dict[str, str]:
    """An image that the service keeps."""
    return {"url": f"{service.base_url}/kept/1.png"}


def test_an_image_goes_into_a_pipe(terminal: Terminal, service: Upstream) -> None:
    drawn(service, IMAGE)
    assert terminal.run("draw", "a cat").output == PNG
    assert service.journal[0].body == {"model": "gpt-image-1", "prompt": "a cat"}


def test_an_image_goes_to_a_file_and_the_file_is_told(
    terminal: Terminal, service: Upstream, file: Path
) -> None:
    drawn(service, IMAGE)
    assert terminal.run("draw", "a cat", "-o", str(file), writes_tty=True).text == f"{file}\n"
    assert file.read_bytes() == PNG


def test_several_images_have_a_file_each(terminal: Terminal, service: Upstream, file: Path) -> None:
    drawn(service, IMAGE, IMAGE)
    names = terminal.run("draw", "-", "-o", str(file), "--count", "2", stdin=b"a cat").text
    assert names.split() == [str(file), str(file.with_name("cat-2.png"))]
    assert file.with_name("cat-2.png").read_bytes() == PNG
    assert (service.journal[0].body["n"], service.journal[0].body["prompt"]) == (2, "a cat")


def test_an_image_is_changed(terminal: Terminal, service: Upstream, file: Path) -> None:
    file.write_bytes(PNG)
    drawn(service, IMAGE)
    options = ("--image", str(file), "--mask", str(file), "--size", "1x1")
    assert terminal.run("draw", "a dog", *options).output == PNG
    assert service.journal[0].path == "/v1/images/edits"
    assert service.journal[0].raw.count(b'filename="cat.png"\r\nContent-Type: image/png') == 2


def test_an_address_is_told_and_not_fetched(terminal: Terminal, service: Upstream) -> None:
    drawn(service, at(service))
    assert terminal.run("draw", "a cat").text == at(service)["url"] + "\n"
    assert len(service.journal) == 1


def test_an_address_is_told_also_where_a_file_was_wanted(
    terminal: Terminal, service: Upstream, file: Path
) -> None:
    drawn(service, at(service))
    outcome = terminal.run("draw", "a cat", "-o", str(file))
    assert (outcome.code, "--fetch" in outcome.error) == (1, True)
    assert (outcome.text, file.exists()) == (at(service)["url"] + "\n", False)


def test_an_address_is_fetched_where_that_was_asked(
    terminal: Terminal, service: Upstream, file: Path
) -> None:
    drawn(service, at(service))
    service.script(wire.response(200, "image/png", PNG))
    assert terminal.run("draw", "a cat", "--fetch", "-o", str(file)).text == f"{file}\n"
    assert file.read_bytes() == PNG


def test_an_image_that_cannot_be_fetched_is_told_by_its_address(
    terminal: Terminal, service: Upstream, file: Path
) -> None:
    drawn(service, at(service))
    service.script(wire.response(403, "text/html", b"<p>expired</p>"))
    outcome = terminal.run("draw", "a cat", "--fetch", "-o", str(file))
    assert (outcome.code, outcome.text) == (1, at(service)["url"] + "\n")
    assert "no image at the address" in outcome.error


def test_json_tells_images_and_what_they_took(terminal: Terminal, service: Upstream) -> None:
    drawn(service, {**IMAGE, "revised_prompt": "a fat cat"}, at(service))
    told = terminal.run("draw", "a cat", "--json", "--count", "2", writes_tty=True).json
    assert (told["model"], told["usage"]["completion_tokens"]) == ("gpt-image-1", 7)
    assert told["images"] == [
        {"revised_prompt": "a fat cat", "b64_json": ENCODED},
        {"revised_prompt": "", **at(service)},
    ]


def test_json_names_the_files(terminal: Terminal, service: Upstream, file: Path) -> None:
    drawn(service, IMAGE)
    told = terminal.run("draw", "a cat", "--json", "-o", str(file)).json
    assert told["images"] == [{"revised_prompt": "", "file": str(file)}]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((" ",), "empty"),
        (("a cat", "--count", "2"), "--output"),
        (("a cat", "--param", "n=2"), "--output"),
        (("a cat", "--count", "0"), "1 or more"),
        (("a cat", "--mask", __file__), "--image"),
        (("a cat", "--image", "/nowhere/at/all.png"), "No such file"),
        (("a cat", "-o", "/nowhere/at/all.png"), "cannot be written"),
    ],
    ids=["empty", "several", "several_by_param", "none", "mask", "image", "output"],
)
def test_bad_arguments_are_told_and_nothing_is_asked(
    terminal: Terminal, service: Upstream, arguments: tuple[str, ...], told: str
) -> None:
    outcome = terminal.run("draw", *arguments)
    assert (outcome.code, told in outcome.error) == (2, True)
    assert service.journal == []


def test_a_terminal_gets_no_image_and_nothing_is_asked(
    terminal: Terminal, service: Upstream
) -> None:
    assert terminal.run("draw", "a cat", writes_tty=True).code == 2
    assert service.journal == []


@pytest.mark.parametrize("images", [(), (CUT_OFF,), ({"url": ""},)], ids=["none", "cut", "blank"])
def test_no_image_or_half_of_one_is_an_error(
    terminal: Terminal, service: Upstream, file: Path, images: tuple[object, ...]
) -> None:
    drawn(service, *images)
    assert terminal.run("draw", "a cat", "-o", str(file)).code == 1
    assert not file.exists()
