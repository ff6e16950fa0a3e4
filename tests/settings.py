"""The site's settings for tests: a data directory of their own that goes when they end, and
nothing of what the developer's shell or `var/` holds."""

import atexit
import os
import shutil
import tempfile

from tests.environment import variable_names

for name in variable_names() - {"DATABASE_URL"}:
    os.environ.pop(name, None)
    os.environ.pop(f"{name}_FILE", None)
data_dir = tempfile.mkdtemp(prefix="chatsite-tests-")
atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
os.environ.update(DATA_DIR=data_dir, LOCAL_MODEL="0")

from chatsite.settings import *  # noqa: E402, F403

# The real one takes half a second for each log-in, which is its purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Those that a test is about it sets itself.
LIMIT_RUNS = LIMIT_MESSAGES_PER_MINUTE = LIMIT_SOCKETS = LIMIT_MB_PER_DAY = 0
