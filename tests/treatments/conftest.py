"""What the tests of the catalogue share."""

import shutil
from pathlib import Path

import pytest

from tests.worlds import DATA


@pytest.fixture
def folder(tmp_path):
    """Give a copy of the shipped files that a test may change."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))
