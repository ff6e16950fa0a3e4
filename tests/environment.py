"""The variables that the settings read."""

import re
from pathlib import Path

SETTINGS = Path(__file__).resolve().parent.parent / "chatsite" / "settings.py"


def variable_names() -> set[str]:
    return set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', SETTINGS.read_text(encoding="utf-8")))
