"""More people at a site that runs, each with the password of all visitors."""

import os
import subprocess
import sys

from tests import site
from tests.faults.visitor import PASSWORD


def make_account(name: str, **variables: str) -> None:
    """As a command in a terminal does it; `variables` say which site."""
    command = [sys.executable, "manage.py", "createsuperuser", "--noinput"]
    arguments = ["--username", name, "--email", f"{name}@example.org"]
    theirs = {"DJANGO_SUPERUSER_USERNAME": name, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    environment = {"PATH": os.environ["PATH"], **variables, **theirs}
    subprocess.run([*command, *arguments], cwd=site.ROOT, env=environment, check=True)
