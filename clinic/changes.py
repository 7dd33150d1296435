"""The one way in for changes that may break what is booked.

Whoever changes a row that decides bookings does so within `watching`. What such a
change breaks is known on a higher floor; the setting CHANGE_WATCHER names who is
asked. Without one nothing is asked.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from clinic.models import User

P = ParamSpec("P")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Broken:
    """An appointment that would no longer be allowed, in words for staff.

    `when` is in the zone of its place. `could_take` are the names of those who could
    have it at the same time; None where nobody has asked.
    """

    key: str
    when: str
    patient: str
    what: str
    practitioner: str
    place: str
    url: str
    why: tuple[str, ...]
    could_take: tuple[str, ...] | None = None


@dataclass(slots=True)
class Outcome:
    """What a change breaks, and how many appointments it lets be again.

    Known when the block of `watching` has ended. `broken` may be cut short for a
    page; `count` is of all, and `seal` stands for exactly these appointments and
    reasons.
    """

    broken: Sequence[Broken] = ()
    count: int = 0
    lifted: int = 0
    seal: str = ""
    said: list[str] = field(default_factory=list)


class Watcher(Protocol):
    """Knows what stands, and says what a change means for it."""

    def before(self, now: datetime) -> Any:
        """Look at what stands, before the change."""

    def after(
        self,
        known: Any,
        outcome: Outcome,
        *,
        by: User | None,
        now: datetime,
        in_full: bool,
    ) -> None:
        """Look again, flag what is broken, lift what is allowed again, and tell it.

        `in_full` asks besides who could take each.
        """


_watched: ContextVar[Outcome | None] = ContextVar("watched", default=None)
_in_full: ContextVar[bool] = ContextVar("in_full", default=False)


def is_watched() -> bool:
    """Whether a change made now is within `watching`."""
    return _watched.get() is not None


@contextmanager
def watching(*, by: User | None, now: datetime, what: str = "") -> Iterator[Outcome]:
    """A transaction, at whose end what the change breaks is flagged at risk.

    Within another such block it is a part of that one. `what` says for staff what is
    changed; never anything about somebody's health.
    """
    outer = _watched.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
            _say(outer, what)
        return
    outcome = Outcome()
    watcher: Watcher | None = None
    if settings.CHANGE_WATCHER:
        watcher = import_string(settings.CHANGE_WATCHER)()
    token = _watched.set(outcome)
    try:
        with transaction.atomic():
            known = watcher.before(now) if watcher else None
            yield outcome
            _say(outcome, what)
            if watcher:
                full = _in_full.get()
                watcher.after(known, outcome, by=by, now=now, in_full=full)
    finally:
        _watched.reset(token)


def say(what: str) -> None:
    """Tell within `watching` what is changed; see there."""
    outcome = _watched.get()
    if outcome is not None:
        _say(outcome, what)


def _say(outcome: Outcome, what: str) -> None:
    if what and what not in outcome.said:
        outcome.said.append(what)


def watched(what: str) -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    """A decorator for actions: all they do is within `watching`, as `what`.

    The row that the action gives back is named besides.
    """

    def decorate(action: Callable[P, Result]) -> Callable[P, Result]:
        @wraps(action)
        def inner(*args: P.args, **kwargs: P.kwargs) -> Result:
            by: Any = kwargs["by"]
            now: Any = kwargs["now"]
            with watching(by=by, now=now) as outcome:
                result = action(*args, **kwargs)
                named = isinstance(result, models.Model)
                _say(outcome, f"{what}: {result}" if named else what)
            return result

        return inner

    return decorate


def tried(
    change: Callable[[], Result], *, by: User | None, now: datetime
) -> tuple[Result, Outcome]:
    """Make the change, ask what it breaks and who could take it, and take it back."""
    return _made(change, by, now, lambda outcome: False)


def made(
    change: Callable[[], Result], *, by: User | None, now: datetime, seen: str
) -> tuple[Result, Outcome]:
    """Make the change; take it back if it breaks what has not been `seen`.

    `seen` is the seal of the outcome that was shown; `is_seen` tells what was done.
    """
    return _made(change, by, now, lambda outcome: is_seen(outcome, seen))


def _made(
    change: Callable[[], Result],
    by: User | None,
    now: datetime,
    stays: Callable[[Outcome], bool],
) -> tuple[Result, Outcome]:
    token = _in_full.set(True)
    try:
        with transaction.atomic():
            with watching(by=by, now=now) as outcome:
                result = change()
            if not stays(outcome):
                transaction.set_rollback(True)
    finally:
        _in_full.reset(token)
    return result, outcome


def is_seen(outcome: Outcome, seen: str) -> bool:
    """Whether whoever asked has been shown what it breaks, if it breaks anything."""
    return not outcome.count or outcome.seal == seen


def seal_of(parts: Sequence[str]) -> str:
    """A short word that stands for these parts, in whatever order."""
    text = "\n".join(sorted(parts))
    return hashlib.sha256(text.encode()).hexdigest()[:24]
