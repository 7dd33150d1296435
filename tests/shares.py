"""What two runs of the suite share between them.

How a page looks does not depend on the database. Where the suite runs on two, each run
takes every other one of such pages or looks; where it runs on one, it takes them all.
`scripts/test.py` says which run this is.
"""

import os
from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item")


def share(items: Iterable[Item]) -> list[Item]:
    """This run's part of the items, which every run must name in the same order."""
    which, runs = map(int, os.environ.get("TEST_SHARE", "1/1").split("/"))
    return list(items)[which - 1 :: runs]
