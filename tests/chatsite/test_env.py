from pathlib import Path

import pytest

from chatsite.env import Environment, EnvironmentValueError, key_ring

KEY = "A" * 43 + "="


def test_an_empty_value_counts_as_not_set() -> None:
    assert Environment({"PORT": " "}).port("PORT", 8000) == 8000


@pytest.mark.parametrize("value", ["1", "true", "YES", "on"])
def test_a_flag_is_on(value: str) -> None:
    assert Environment({"DEBUG": value}).flag("DEBUG", default=False) is True


def test_a_flag_that_is_neither_names_what_would_do() -> None:
    with pytest.raises(EnvironmentValueError, match="^DEBUG must be 1 or 0$"):
        Environment({"DEBUG": "maybe"}).flag("DEBUG", default=False)


@pytest.mark.parametrize("value", ["eighty", "-1", "65536", "8000.5", "٨"])
def test_a_wrong_port_is_refused(value: str) -> None:
    with pytest.raises(EnvironmentValueError, match="^PORT must be a port from 0 to 65535"):
        Environment({"PORT": value}).port("PORT", 8000)


@pytest.mark.parametrize("value", ["http://a.example", "a.example:80", "a b", "[::zz]", "a/b"])
def test_a_host_with_more_than_a_name_is_refused(value: str) -> None:
    with pytest.raises(EnvironmentValueError, match="^ALLOWED_HOSTS must be host names"):
        Environment({"ALLOWED_HOSTS": value}).hosts("ALLOWED_HOSTS")


def test_hosts_may_be_names_addresses_suffixes_and_any() -> None:
    hosts = Environment({"ALLOWED_HOSTS": "a.example, .b.example,[::1],*"}).hosts("ALLOWED_HOSTS")

    assert hosts == ["a.example", ".b.example", "[::1]", "*"]


@pytest.mark.parametrize(
    "value",
    ["chat.example", "https://chat.example/", "https://*.example", "https://a@b", "ftp://a"],
)
def test_an_origin_is_scheme_and_host_alone(value: str) -> None:
    with pytest.raises(EnvironmentValueError, match="^CSRF_TRUSTED_ORIGINS must be origins"):
        Environment({"CSRF_TRUSTED_ORIGINS": value}).origins("CSRF_TRUSTED_ORIGINS")


@pytest.mark.parametrize("value", ["api.openai.com/v1", "https://", "https://a:port/", "file:///a"])
def test_an_address_on_the_web_needs_scheme_and_host(value: str) -> None:
    with pytest.raises(EnvironmentValueError, match="^OPENAI_BASE_URL must be an http"):
        Environment({"OPENAI_BASE_URL": value}).web_address("OPENAI_BASE_URL")


def test_a_choice_outside_the_list_is_refused() -> None:
    with pytest.raises(EnvironmentValueError, match="^SIGNUP must be closed or open$"):
        Environment({"SIGNUP": "maybe"}).choice("SIGNUP", ("closed", "open"))


def test_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file\n")

    assert Environment({"K_FILE": str(tmp_path / "key")}).secret("K") == "from the file"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentValueError, match="^K and K_FILE are both set"):
        Environment({"K": "a", "K_FILE": str(tmp_path / "key")}).secret("K")


def test_a_secret_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentValueError, match="^K_FILE must name a file that can be read"):
        Environment({"K_FILE": str(tmp_path / "gone")}).secret("K")


def test_an_empty_secret_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")

    with pytest.raises(EnvironmentValueError, match="^K_FILE names an empty file"):
        Environment({"K_FILE": str(tmp_path / "key")}).secret("K")


def test_a_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    made = Environment({"DATA_DIR": str(tmp_path / "new")}).directory("DATA_DIR", tmp_path)

    assert made.stat().st_mode & 0o777 == 0o700


def test_a_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EnvironmentValueError, match="^DATA_DIR must be a directory"):
        Environment({"DATA_DIR": str(tmp_path / "file")}).directory("DATA_DIR", tmp_path)


def test_a_key_ring_keeps_its_order() -> None:
    assert key_ring("KEYS", f"{KEY}, {'B' * 42}A=") == [KEY, "B" * 42 + "A="]


@pytest.mark.parametrize("text", ["short", "A" * 44, "é" * 44, ""], ids=repr)
def test_a_key_of_another_length_is_refused(text: str) -> None:
    with pytest.raises(EnvironmentValueError, match="^KEYS must be keys of 32 bytes"):
        key_ring("KEYS", text)


def test_a_time_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(EnvironmentValueError, match="TIME_ZONE"):
        Environment({"TIME_ZONE": "Mars/Olympus"}).time_zone("TIME_ZONE", "UTC")
