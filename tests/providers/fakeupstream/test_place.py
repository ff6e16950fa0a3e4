"""What is for tests and developers stays off the site's own way."""

import sys

from tests.test_architecture import FILES, imports, under

OWN = "providers.fakeupstream"
COMMAND = "providers/management/commands/fakeupstream.py"


def test_nothing_of_the_site_needs_the_scripted_service() -> None:
    others = [file for file in FILES if file not in under("providers/fakeupstream")]
    users = {str(file) for file in others if any(name.startswith(OWN) for name in imports(file))}
    assert users == {COMMAND}


def test_the_scripted_service_needs_the_standard_library_alone() -> None:
    names = {name for file in under("providers/fakeupstream") for name in imports(file)}
    foreign = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith(f"{OWN}.")} == set()
