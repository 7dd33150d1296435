"""The settings under the bench: production's, with connections kept and more pages.

The pages of the floor (an empty view, a small template) are added here.
"""

from pathlib import Path

from tests.settings import *  # noqa: F403 -- all of it
from tests.settings import DATABASES, TEMPLATES, on_sqlite

DATABASES["default"]["CONN_MAX_AGE"] = None if on_sqlite else 60
TEMPLATES[0]["DIRS"].append(Path(__file__).parent)
ROOT_URLCONF = "tests.bench.urls"
