"""What `deploy/` says, compared with what the site reads and the repository holds."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import site
from tests.environment import variable_names

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = ("chatsite.service", "chatsite@.service")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
# To let answers finish, to end pages, to store the rest; and some for the process to go.
SECONDS_TO_END = 30 + 5 + 20 + 5


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=False, delimiters=["="])
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name)
    return parser


def named() -> Iterator[tuple[str, str]]:
    """Each variable that a file sets, and the file."""
    for web in ("web1", "web2"):
        for name in compose()["services"][web]["environment"]:
            yield name, "compose.yaml"
    example = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    for name in re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE):
        yield name, "environment.example"


@pytest.mark.parametrize(("name", "file"), sorted(set(named())))
def test_a_variable_is_one_that_the_site_reads(name: str, file: str) -> None:
    assert name.removesuffix("_FILE") in variable_names()


def test_what_compose_wants_to_be_told_is_in_the_readme() -> None:
    wanted = re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    told = (DEPLOY / "README.md").read_text(encoding="utf-8")

    assert [name for name in sorted(set(wanted)) if name not in told] == []


def test_both_processes_are_the_same_site() -> None:
    first, second = (compose()["services"][name] for name in ("web1", "web2"))

    own: dict[str, None] = {"depends_on": None, "networks": None}
    assert {**first, **own} == {**second, **own}


def test_the_proxy_knows_both_processes_by_name() -> None:
    servers = re.findall(r"server (\w+):(\d+) ", (DEPLOY / "nginx.conf").read_text("utf-8"))

    assert servers == [("web1", "8000"), ("web2", "8000")]


def test_a_process_that_is_made_anew_is_found_where_it_was() -> None:
    said = compose()
    told = dict(host.split(":") for host in said["services"]["proxy"]["extra_hosts"])
    network = ip_network(said["networks"]["outside"]["ipam"]["config"][0]["subnet"])

    for name, address in told.items():
        assert said["services"][name]["networks"]["outside"]["ipv4_address"] == address
        assert ip_address(address) in network
    assert sorted(told) == ["web1", "web2"]


def test_images_are_named_without_a_registry() -> None:
    images = [service["image"] for service in compose()["services"].values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert [image for image in images if "/" in image] == []


def test_the_client_programs_are_of_the_server_s_version() -> None:
    # Debian 12 has 15, and pg_dump refuses a newer server.
    assert compose()["services"]["db"]["image"] == "postgres:15"
    assert set(re.findall(r"^FROM \S+-(\w+)", DOCKERFILE, re.MULTILINE)) == {"bookworm"}


def test_all_that_is_copied_is_there_and_let_in() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()

    assert [name for name in names if not (ROOT / name).exists()] == []
    assert {line[1:] for line in ignored if line.startswith("!")} == names
    assert "*" in ignored


def test_the_image_runs_without_rights() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)

    assert users == ["chatsite"]


def test_the_image_s_look_at_its_health_tells_alive_from_dead(tmp_path: Path) -> None:
    command = json.loads(re.findall(r"^    CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[0])
    with site.running(tmp_path, ALLOWED_HOSTS="chat.example.org") as running:
        port = running.url.rstrip("/").rpartition(":")[2]
        look = [sys.executable, "-c", command[2].replace("8000", port)]
        alive = subprocess.run(look, check=False).returncode
    dead = subprocess.run(look, check=False, stderr=subprocess.DEVNULL).returncode

    assert (alive, dead) == (0, 1)


@pytest.mark.parametrize("web", ["web1", "web2"])
def test_a_container_has_the_time_to_end_in_order(web: str) -> None:
    assert int(compose()["services"][web]["stop_grace_period"].removesuffix("s")) >= SECONDS_TO_END


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_the_time_to_end_in_order(name: str) -> None:
    assert int(unit(name)["Service"]["TimeoutStopSec"]) >= SECONDS_TO_END


def test_the_units_differ_in_name_and_port_alone() -> None:
    one, many = (
        {key: value for section in unit(name).values() for key, value in section.items()}
        for name in UNITS
    )

    assert {key for key in one if one[key] != many[key]} == {"Description", "ExecStart"}
    assert many["ExecStart"] == f"{one['ExecStart']} --port %i"
