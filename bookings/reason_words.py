"""Why a day has no times, in sentences for people: one for each code of a finding.

Standard library only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# What speaks of one person's time: of that person, and of everybody who may do it.
OF_TIME: dict[str, tuple[str, str]] = {
    "OUTSIDE_HOURS": (
        "{who} does not see patients at {place} {when}.",
        "Nobody who does {what} is at {place} {when}.",
    ),
    "PRACTITIONER_ON_LEAVE": (
        "{who} is away {until}.",
        "Everybody who does {what} at {place} is away {when}.",
    ),
    "OVERLAP_PRACTITIONER": (
        "{who} is fully booked {when}.",
        "Everybody who does {what} at {place} is fully booked {when}.",
    ),
    "TRAVEL_TOO_SHORT": (
        "{who} also works at another place {when}, and is on the way at the times "
        "that are left.",
        "Everybody who does {what} here also works at another place {when}, and is "
        "on the way at the times that are left.",
    ),
    "SUPERVISOR_NOT_ON_SITE": (
        "{who} does {what} while a supervisor is at {place}, and none is {when}.",
        "{what} at {place} needs a supervisor who is there, and none is {when}.",
    ),
}
# The same in a word or two, for people who are kept by different things.
IN_SHORT = {
    "OUTSIDE_HOURS": "not there",
    "PRACTITIONER_ON_LEAVE": "away",
    "OVERLAP_PRACTITIONER": "fully booked",
    "TRAVEL_TOO_SHORT": "on the way between two places",
    "SUPERVISOR_NOT_ON_SITE": "without a supervisor",
}
# What was let pass, in a report of many.
LET_PASS = {
    "NOTICE_TOO_SHORT": "Shorter notice than the place asks",
    "BEYOND_HORIZON": "Further ahead than the place books",
    "OUTSIDE_HOURS": "Outside the practitioner's hours",
    "PLACE_CLOSED_THAT_DAY": "The place is closed that day",
    "OFF_GRID": "Between the times at which visits begin",
    "COURSE_TOO_SOON": "Too soon after another session of the course",
    "COURSE_TOO_LATE": "Too long after another session of the course",
    "NOT_A_FIRST_VISIT": "A first visit for somebody who has been",
    "FIRST_VISIT_NEEDED": "A follow-up before a first visit",
}
# The same for everybody, and said better of a day than of a time.
OF_THE_DAY = {
    "IN_THE_PAST": "The times {when} have passed.",
    "NOTICE_TOO_SHORT": "It is too late to book online {when}. {message}",
    "OFF_GRID": "No time {when} fits. {message}",
    "OVERLAP_PATIENT": "You have another appointment at the times that are left {when}.",
    "ROOM_TAKEN": "Every room for {what} at {place} is taken {when}.",
    "ROOM_OUT_OF_SERVICE": "No room for {what} at {place} can be used {when}.",
    "DEVICE_TAKEN": "Every device for {what} at {place} is taken {when}.",
    "DEVICE_OUT_OF_SERVICE": "No device for {what} at {place} can be used {when}.",
}
# What a patient has had, or is to have, speaks against.
OF_THE_PATIENT = frozenset(
    {
        *("NOT_A_FIRST_VISIT", "FIRST_VISIT_NEEDED"),
        *("COURSE_TOO_SOON", "COURSE_TOO_LATE"),
    }
)
# What a rule says of treatment, place, area or patient, and not of one person.
IMPERSONAL = frozenset(
    {
        *OF_THE_PATIENT,
        *("NOT_OFFERED", "PLACE_CLOSED", "PLACE_CLOSED_THAT_DAY", "BEYOND_HORIZON"),
        *("AREA_NOT_IN_VARIANT", "AREA_NOT_FOR_TREATMENT", "AREA_TOO_WIDE"),
        *("AREA_SIDE_UNKNOWN", "AREA_NEVER_TREATED", "DEPTH_OVER_AREA"),
        *("DEPTH_OVER_VARIANT", "NO_SUCH_ROOM", "NO_SUCH_DEVICE"),
    }
)
# What a practitioner needs from somebody else before this patient can be booked.
ASKED_FOR = {
    "ORDER_REQUIRED": "{what} at {place} needs a prescriber's order first.",
    "REFERRAL_REQUIRED": "{what} at {place} needs a referral first.",
    "ORDER_NOT_VALID_ON_DATE": "The order for {what} does not cover that time.",
    "DEPTH_OVER_ORDER": "The order for {what} does not go as deep.",
}
# What is said where nobody may, for reasons of their own.
NOBODY = "Nobody at {place} can be booked for {what} {when}."
# Where a talk comes first.
TALK = frozenset(
    {*ASKED_FOR, "AREA_NEVER_TREATED", "DEPTH_OVER_AREA", "DEPTH_OVER_VARIANT"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """What sentences are made of: names, and `when` and `until` as words for days."""

    what: str
    place: str
    when: str
    who: str = ""
    until: str = ""
    message: str = ""


def of_what(code: str) -> str:
    """What was let pass; a clinic's own rule goes by its code."""
    return LET_PASS.get(code) or code.replace("_", " ").capitalize()


def of_one(code: str, told: Told) -> str:
    """Why one person has no times."""
    if code in OF_TIME:
        return _filled(OF_TIME[code][0], told)
    return _filled(OF_THE_DAY.get(code, "{message}"), told)


def of_all(code: str, told: Told) -> str:
    """Why nobody has, where all are kept by the same thing."""
    if code in OF_TIME:
        return _filled(OF_TIME[code][1], told)
    if code in IMPERSONAL:
        return _filled("{message}", told)
    return _filled(OF_THE_DAY.get(code) or ASKED_FOR.get(code, NOBODY), told)


def of_each(codes: Sequence[str], told: Told) -> list[str]:
    """Why nobody has, where people are kept by different things."""
    short = list(dict.fromkeys(IN_SHORT[code] for code in codes if code in IN_SHORT))
    sentences = []
    if short:
        *others, last = short
        words = f"{', '.join(others)} or {last}" if others else last
        text = f"Whoever does {{what}} at {{place}} is {words} {{when}}."
        sentences.append(_filled(text, told))
    rest = [code for code in codes if code not in IN_SHORT]
    if rest:
        sentences.append(of_all(rest[0], told))
    return sentences


def _filled(text: str, told: Told) -> str:
    words = {name: getattr(told, name) for name in Told.__slots__}
    said = text.format(**words).strip()
    return said[:1].upper() + said[1:]
