import pytest

from chatsite.address import is_loopback, own_names


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"])
def test_only_this_machine_reaches(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "*", "192.168.1.5", "localhost.evil.example"])
def test_others_reach(host: str) -> None:
    assert not is_loopback(host)


def test_the_site_answers_to_where_it_listens_and_is_published() -> None:
    names = own_names("192.168.1.5", ["https://chat.example.org:8443"])

    assert {"192.168.1.5", "chat.example.org", "localhost"} <= set(names)


def test_listening_everywhere_is_not_answering_to_every_name() -> None:
    assert own_names("0.0.0.0", []) == sorted(["127.0.0.1", "localhost", "[::1]"])
