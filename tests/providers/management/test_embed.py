import json
from pathlib import Path

import pytest
from pytest_django import Settings

from chatsite.models import User
from providers.models import Call, Key, Model, Provider
from tests import upstream as wire
from tests.people import may_own_providers
from tests.providers.management.terminal import Terminal, offer, said
from tests.upstream import Upstream

KEY = "sk-canary-0123456789"
VECTOR = {"data": [{"embedding": [0.5, -1]}], "usage": {"prompt_tokens": 2}}


@pytest.fixture(autouse=True)
def site(provider: Provider) -> Provider:
    """A provider with a key, a model for chats and one for this."""
    provider.set_key(KEY)
    provider.save()
    offer(provider, "a-chat", "text-embedding-1")
    return provider


@pytest.fixture
def answers(service: Upstream) -> None:
    service.script(said(VECTOR))


@pytest.mark.usefixtures("answers")
def test_a_text_becomes_a_vector(terminal: Terminal, service: Upstream) -> None:
    assert terminal.run("embed", "a cat").json == [0.5, -1.0]
    assert service.journal[0].body == {"model": "text-embedding-1", "input": "a cat"}


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_a_text_comes_from_standard_input(
    terminal: Terminal, service: Upstream, arguments: tuple[str, ...]
) -> None:
    terminal.run("embed", *arguments, stdin="猫 \r\n".encode())
    assert service.journal[0].body["input"] == "猫 "


@pytest.mark.usefixtures("answers")
def test_a_text_comes_from_a_file_and_goes_to_one(
    terminal: Terminal, service: Upstream, tmp_path: Path
) -> None:
    (tmp_path / "in").write_text("a cat\n")
    told = terminal.run("embed", "--file", str(tmp_path / "in"), "-o", str(tmp_path / "out"))
    assert service.journal[0].body["input"] == "a cat"
    assert (told.output, (tmp_path / "out").read_text()) == (b"", "[0.5, -1.0]\n")


@pytest.mark.parametrize(
    ("arguments", "stdin"), [(("a", "b"), b""), (("--lines",), b"a\n\nb\r\n")], ids=["two", "lines"]
)
def test_several_texts_have_a_line_each(
    terminal: Terminal, service: Upstream, site: Provider, arguments: tuple[str, ...], stdin: bytes
) -> None:
    two = {"data": [{"index": 1, "embedding": [2]}, {"index": 0, "embedding": [1]}]}
    service.script(said(two))
    assert terminal.run("embed", *arguments, stdin=stdin).text == "[1.0]\n[2.0]\n"
    assert service.journal[0].body["input"] == ["a", "b"]


@pytest.mark.usefixtures("answers")
def test_json_tells_the_vectors_and_who_made_them(terminal: Terminal) -> None:
    told = terminal.run("embed", "a cat", "--json").json
    assert (told["model"], told["provider"]) == ("text-embedding-1", "Scripted")
    assert told["vectors"] == [[0.5, -1.0]]
    assert told["usage"]["prompt_tokens"] == 2


@pytest.mark.usefixtures("answers")
def test_what_was_set_is_sent(terminal: Terminal, service: Upstream) -> None:
    params = ("--dimensions", "2", "--param", "user=me", "--param", 'more={"a": 1}')
    terminal.run("embed", "a cat", *params)
    sent = {name: service.journal[0].body[name] for name in ("dimensions", "user", "more")}
    assert sent == {"dimensions": 2, "user": "me", "more": {"a": 1}}


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("wanted", ["a-chat", "hidden", "Pretty", "nowhere listed/模型"])
def test_a_model_is_named_by_its_id_or_its_name(
    terminal: Terminal, service: Upstream, site: Provider, wanted: str
) -> None:
    Model.objects.create(provider=site, model_id="hidden", name="Pretty", enabled=False)
    terminal.run("embed", "a cat", "--model", wanted)
    assert service.journal[0].body["model"] == ("hidden" if wanted == "Pretty" else wanted)
    assert Model.objects.count() == 3


@pytest.mark.usefixtures("answers")
def test_a_provider_is_named(terminal: Terminal, service: Upstream, site: Provider) -> None:
    Provider.objects.create(name="Another", base_url="http://127.0.0.1:1/v1")
    assert terminal.run("embed", "a", "--provider", "Scripted", "--model", "new").code == 0
    assert terminal.run("embed", "a", "--provider", "Another", "--model", "new").code == 1


@pytest.mark.usefixtures("answers")
def test_what_is_a_users_own_is_asked_in_their_name_alone(
    terminal: Terminal, service: Upstream, site: Provider, olivia: User, settings: Settings
) -> None:
    settings.ALLOWED_PRIVATE_UPSTREAMS = ["127.0.0.1"]
    may_own_providers(olivia)
    Provider.objects.update(owner=olivia)
    assert terminal.run("embed", "a cat").code == 1
    assert terminal.run("embed", "a cat", "--provider", "Scripted").code == 2
    assert terminal.run("embed", "a cat", "--user", "olivia").code == 0


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (("",), b"", "empty"),
        ((" \n",), b"", "empty"),
        (("a", " "), b"", "empty"),
        ((), b"", "empty"),
        ((), b"\n", "empty"),
        ((), b"\xff\xfe", "UTF-8"),
        (("--file", "/nowhere/at/all"), b"", "/nowhere/at/all cannot be read: No such file"),
        (("--file", "/"), b"", "/ cannot be read"),
        (("--file", "\x00"), b"", "cannot be read"),
        (("a", "--file", "b"), b"", "not both"),
        (("a", "b", "--lines"), b"", "not both"),
        (("a", "--param", "b"), b"", "NAME=VALUE"),
        (("a", "--param", "=b"), b"", "NAME=VALUE"),
        (("a", "-o", "/nowhere/at/all"), b"", "cannot be written"),
        (("a", "-o", "/"), b"", "cannot be written"),
        (("a", "--provider", "Nobody"), b"", "no provider named Nobody"),
        (("a", "--user", "nobody"), b"", "no user named nobody"),
    ],
)
def test_bad_arguments_are_told_and_nothing_is_asked(
    terminal: Terminal, service: Upstream, arguments: tuple[str, ...], stdin: bytes, told: str
) -> None:
    outcome = terminal.run("embed", *arguments, stdin=stdin)
    assert outcome.code == 2
    assert told in outcome.error
    assert service.journal == []


def test_nothing_is_waited_for_at_a_terminal(terminal: Terminal) -> None:
    assert terminal.run("embed", reads_tty=True).code == 2


def test_without_a_fit_model_one_is_to_be_named(terminal: Terminal) -> None:
    Model.objects.filter(model_id="text-embedding-1").update(enabled=False)
    outcome = terminal.run("embed", "a cat")
    assert (outcome.code, "--model" in outcome.error) == (2, True)


def test_without_a_provider_that_is_told(terminal: Terminal) -> None:
    Provider.objects.all().delete()
    outcome = terminal.run("embed", "a cat", "--model", "m")
    assert (outcome.code, "OPENAI_BASE_URL" in outcome.error) == (1, True)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_refusal_is_told_with_what_to_do_and_without_the_key(
    terminal: Terminal, service: Upstream, as_json: bool
) -> None:
    service.script(wire.error(401, f"no such key: {KEY} \x1b[2J"))
    outcome = terminal.run("embed", "a cat", *(["--json"] if as_json else []))
    told = json.dumps(outcome.json["error"]) if as_json else outcome.error
    assert (outcome.code, "Ask an administrator" in told) == (1, True)
    assert "canary" not in told
    assert "\x1b" not in told


def test_a_user_s_own_provider_leads_to_the_public_internet_only(
    terminal: Terminal, service: Upstream, site: Provider, olivia: User
) -> None:
    Provider.objects.update(owner=olivia)
    assert terminal.run("embed", "a cat", "--user", "olivia").code == 1
    assert service.journal == []


def test_each_call_leaves_a_row_in_the_ledger(terminal: Terminal) -> None:
    terminal.run("embed", "a cat")
    assert Call.objects.get().kind == "embeddings"


@pytest.mark.parametrize(
    ("arguments", "name"), [(("--user", "olivia"), "olivia"), ((), "ada")], ids=["named", "default"]
)
def test_the_row_says_on_whose_account_it_was(
    terminal: Terminal, ada: User, olivia: User, arguments: tuple[str, ...], name: str
) -> None:
    terminal.run("embed", "a cat", *arguments)
    assert Call.objects.select_related("user").get().user == User.objects.get(username=name)


def test_a_key_of_another_ring_is_told(terminal: Terminal, site: Provider) -> None:
    Key.objects.create(provider=site, sealed=b"of another ring")
    assert "enter it again" in terminal.run("embed", "a cat").error


def test_a_wrong_base_url_is_told_as_such(
    terminal: Terminal, service: Upstream, site: Provider
) -> None:
    site.move_to(service.base_url.replace("/v1", "/panel"))
    site.save()
    for _each in range(2):
        service.script(wire.response(200, "text/html", b"<!doctype html><title>Relay</title>"))
    told = f"Try {service.base_url} as the base URL."
    assert told in terminal.run("embed", "a cat").error
    error = terminal.run("embed", "a cat", "--json").json["error"]
    assert (error["kind"], error["hint"]) == ("protocol", told)
    assert error["message"] == "A web page answered instead of the service. Relay"
