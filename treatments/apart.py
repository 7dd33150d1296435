"""Dry or micro? Which of the two somebody probably means, from four answers.

Guidance only: it names what to read next, and a consultation is always among it.
Nothing here is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """Where the answers point."""

    MUSCLE = "musculoskeletal"
    SKIN = "skin"
    BOTH = "both"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to choose, and where it points, if anywhere."""

    code: str
    label: str
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Question:
    code: str
    label: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """Where the answers point, and what comes before anything else."""

    way: Way
    see_somebody_first: bool
    fears_needles: bool


NEITHER = "neither"
QUESTIONS = (
    Question(
        "where",
        "Where is it?",
        (
            Answer("muscle", "In a muscle, or around a joint", Way.MUSCLE),
            Answer("surface", "On the skin", Way.SKIN),
            Answer(NEITHER, "Somewhere else, or I am not sure"),
        ),
    ),
    Question(
        "what",
        "What bothers you?",
        (
            Answer("feel", "How it feels: it hurts, it is tight or stiff", Way.MUSCLE),
            Answer("look", "How it looks: lines, scars, pores or marks", Way.SKIN),
            Answer(NEITHER, "Something else"),
        ),
    ),
    Question(
        "warning",
        "Is one of these true now?",
        (
            Answer(
                "yes",
                "Numbness or weakness, fever, a recent fall or accident, "
                "or a mole or sore that changes",
            ),
            Answer("no", "None of these"),
        ),
    ),
    Question(
        "needles",
        "How are you with needles?",
        (
            Answer("fine", "I manage"),
            Answer("afraid", "I am afraid of them, or I faint"),
        ),
    ),
)


def advice(given: Mapping[str, str]) -> Advice:
    """What the answers say; where they point two ways, both are named."""
    ways = {
        answer.way
        for question in QUESTIONS
        for answer in question.answers
        if answer.way and given.get(question.code) == answer.code
    }
    one_or_none = next(iter(ways), Way.UNCLEAR)
    return Advice(
        way=Way.BOTH if len(ways) > 1 else one_or_none,
        see_somebody_first=given.get("warning") == "yes",
        fears_needles=given.get("needles") == "afraid",
    )
