"""What may come back from a race: one redirect, and for the others a plain reason."""

import os
from collections import Counter, defaultdict
from typing import Any

from tests.races import clinic as clinics

TOLD = (
    "is already booked at that time.",
    "That time has just been taken.",
    "You have another appointment at that time.",
    "is free at that time.",
    "for that time has just been taken.",
)
RAW = ("bookings_claim", "IntegrityError", "Traceback", "database is locked")
PATIENCE = 30  # seconds; a busy machine is slow, and who is forgotten waits longer
TOOK: dict[str, list[float]] = defaultdict(list)  # seconds of each test's answers


def told_plainly(answers: list[dict[str, Any]]) -> Counter[int]:
    """How often each status came; nobody saw a fault, or waited for ever."""
    race = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].rpartition(" (")[0]
    for answer in answers:
        assert answer["status"] < 500, answer["text"]
        assert not any(word in answer["text"] for word in RAW), answer["text"]
        assert answer["seconds"] < PATIENCE, f"waited {answer['seconds']:.1f} s"
        TOOK[race].append(answer["seconds"])
    assert clinics.overlapping() == 0
    return Counter(answer["status"] for answer in answers)


def one_won(answers: list[dict[str, Any]]) -> None:
    """Say that exactly one was redirected, and that all others were told why not."""
    so_many_won(1, answers)


def so_many_won(count: int, answers: list[dict[str, Any]]) -> None:
    """Say how many were redirected, and that all others were told why not."""
    statuses = told_plainly(answers)
    assert statuses == {302: count, 409: len(answers) - count}, statuses
    for answer in answers:
        if answer["status"] == 409:
            text = answer["text"]
            assert any(words in text for words in TOLD), text
