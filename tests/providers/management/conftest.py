import pytest

from tests.providers.management.terminal import Terminal


@pytest.fixture
def terminal(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)
