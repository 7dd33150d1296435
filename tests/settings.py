"""The settings under test: production's, apart from what a test cannot have.

No .env is read. TEST_DATABASE_URL, else DATABASE_URL, names the database (SQLite in
a file when neither does); each run has its own, so several may run side by side.
"""

import os
import zlib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
os.environ.setdefault(
    "TEST_RUN", f"{zlib.crc32(str(CHECKOUT).encode()):08x}_{os.getpid()}"
)
os.environ.update(
    ENV_FILE="",
    DEBUG="false",
    DEMO="false",
    HTTPS="false",  # the browser and the test client speak http to this machine
    SECRET_KEY="not-a-secret-" + "tests-only-" * 5,
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    EMAIL_URL="memorymail://",
    LOG_LEVEL="ERROR",
)
# A child process given CHILD_DATABASE_URL joins the database of the test it serves.
os.environ["DATABASE_URL"] = (
    os.environ.get("CHILD_DATABASE_URL")
    or os.environ.get("TEST_DATABASE_URL")
    or os.environ.get("DATABASE_URL")
    or "sqlite:///var/tests.sqlite3"
)

from clinic.settings import *  # noqa: E402, F403 -- after the environment above
from clinic.settings import DATABASES, STORAGES, VAR_DIR  # noqa: E402 -- as above

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}

# In a file also on SQLite: in memory, connections share a cache and lock otherwise.
run = os.environ["TEST_RUN"]
on_sqlite = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
DATABASES["default"]["TEST"] = {
    "NAME": str(VAR_DIR / f"test_clinic_{run}") if on_sqlite else f"test_clinic_{run}"
}
# A live server's threads hand back their connections, so the database can go.
DATABASES["default"]["CONN_MAX_AGE"] = 0
