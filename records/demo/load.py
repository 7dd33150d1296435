"""Loads the demo once: the rules' side first, then bookings; a second time, nothing."""

from dataclasses import dataclass
from datetime import datetime

from clinic import audit
from clinic.models import AuditEvent, Location
from records.demo import (
    at_risk,
    cancelling,
    coursing,
    days,
    diary,
    let_pass,
    supervised,
)
from records.demo.people import (
    Keys,
    Opening,
    hire_all,
    open_office,
    register_all,
)
from records.demo.places import PLACES, equip, open_places

BEGUN, LOADED = "began demo", "loaded demo"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: how many appointments, or that all had been there before."""

    appointments: int
    before: bool


def load(now: datetime) -> Loaded:
    """Make what is missing. Once all was made, nothing is touched again."""
    if AuditEvent.objects.filter(verb=LOADED).exists():
        return Loaded(0, before=True)
    places = open_places()
    home = places[PLACES[0].slug]
    opening = _opening(home, now)
    equip(places, opening.now)
    keys = Keys()
    office = open_office(keys)
    admin, desk = office.values()
    hire_all(opening, keys, places, admin)
    days.arrange(opening, places, admin)
    supervised.agree(opening, admin)
    patients = register_all(opening, keys, desk)
    supervised.order_for(patients[0], opening, desk)
    cancelling.say(opening)
    made = diary.fill(opening, patients, desk)
    made += let_pass.stay_late(opening, patients[-1], desk) is not None
    course = coursing.book_sessions(opening, patients[0])
    made += course.sessions if course else 0
    cancelling.settle(opening, desk)
    at_risk.be_away(opening, desk)
    audit.record(by=None, verb=LOADED, subject=home, now=now, appointments=made)
    return Loaded(made, before=False)


def _opening(home: Location, now: datetime) -> Opening:
    """The day of the first load; one that was broken off goes on from there."""
    begun = AuditEvent.objects.filter(verb=BEGUN).order_by("pk").first()
    if begun is None:
        begun = audit.record(by=None, verb=BEGUN, subject=home, now=now)
    return Opening(begun.at, begun.at.astimezone(home.tz).date())
