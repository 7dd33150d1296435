"""Random small clinics as plain values, which know nothing of Django or of rules."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.properties import equipment, sessions, under
from tests.properties.values import (
    Paper,
    Person,
    Place,
    Plan,
    Privilege,
    Role,
    Rule,
    Single,
    Span,
    Variant,
    Visit,
)

DAY = timedelta(days=1)
ROLES = {
    "dry_needling": ["physical_therapist"] * 12 + ["chiropractor", "aesthetician"],
    "microneedling": ["dermatologist"] * 8
    + ["registered_nurse"] * 7
    + ["master_aesthetician", "master_aesthetician", "aesthetician"]
    + ["physical_therapist"],
}
AREA_CAPS = {"nose": Decimal("0.75"), "cheeks": Decimal("1.5"), "body_scar": None}
NEVER = {"eyelid"}
STANDING = {"booked", "arrived", "fulfilled"}


def often(value, *others, weight=6):
    """Mostly `value`."""
    return st.sampled_from([value] * weight + list(others))


def decimals(*texts):
    return [None if text is None else Decimal(text) for text in texts]


SPANS = [
    [("09:00", "17:00")],
    [("08:00", "12:00"), ("12:00", "17:30")],
    [("08:05", "11:30"), ("13:20", "18:00")],
    [("00:00", "06:00"), ("10:00", "14:00")],
    [("00:00", "02:00"), ("20:10", "00:00")],
    [("06:00", "21:00")],
]
FIRST_DAYS = [  # three of them beside a change of clocks, one before a holiday
    date(2026, 2, 2),
    date(2026, 2, 15),
    date(2026, 3, 7),
    date(2026, 3, 8),
    date(2026, 10, 31),
]


@st.composite
def places(draw, dates):
    made = []
    for slug, zone, jurisdiction in [
        ("denver", "America/Denver", "US-UT"),
        ("phoenix", "America/Phoenix", "US-AZ"),
    ]:
        made.append(
            Place(
                slug,
                ZoneInfo(zone),
                jurisdiction,
                grid=draw(st.sampled_from([5, 15, 20, 30, 45])),
                notice=draw(st.sampled_from([120, 1440, 45, 0])),
                horizon=draw(st.sampled_from([1, 90, 1, 2])),
                is_open=draw(often(True, False, weight=14)),
                keeps=draw(st.booleans()),
                days=tuple(
                    (day, draw(st.booleans()))
                    for day in draw(often((), (draw(dates),), weight=4))
                ),
            )
        )
    return tuple(made)


@st.composite
def variants(draw):
    return tuple(
        Variant(
            code,
            treatment,
            visit=draw(often("any", "first", "follow_up", weight=4)),
            minutes=draw(st.sampled_from([30, 45, 60, 95])),
            prep=draw(st.sampled_from([0, 5, 15])),
            cleanup=draw(st.sampled_from([0, 10, 25])),
            depth=draw(st.sampled_from(depths)),
            offered=draw(often(True, False, weight=24)),
            rooms=draw(equipment.needs(equipment.KINDS["room"])),
            devices=draw(equipment.needs(equipment.KINDS["device"])),
            around_rooms=draw(equipment.AROUND),
            around_devices=draw(equipment.AROUND),
        )
        for code, treatment, depths in [
            ("dn", "dry_needling", [None]),
            (
                "mn",
                "microneedling",
                decimals(*["0.5"] * 12, "0.75", "1.0", "1.6", None),
            ),
        ]
    )


@st.composite
def rules(draw, dates):
    """What PT, chiropractor, dermatologist and the aestheticians may do."""
    course = {"token": "course", "hours": draw(st.sampled_from([24, 50]))}
    turn = draw(dates)
    some = [
        Rule("physical_therapist", "dry_needling", "US-UT", **course),
        Rule("physical_therapist", "dry_needling", "US", years=draw(often(None, 2))),
        Rule("chiropractor", "dry_needling", "US", status="unknown"),
        Rule("aesthetician", "dry_needling", "*", status="not_allowed"),
        Rule(
            "dermatologist",
            "microneedling",
            "*",
            cap=Decimal(3),
            delegates=draw(often(True, False)),
        ),
        Rule("master_aesthetician", "microneedling", "US-UT", cap=Decimal(1)),
        Rule(
            "master_aesthetician",
            "microneedling",
            "US-UT",
            cap=Decimal("1.5"),
            supervision="general",
        ),
        Rule("aesthetician", "microneedling", "US-AZ", token="course", cap=Decimal(1)),
        Rule("aesthetician", "microneedling", "US-UT", status="not_allowed"),
        Rule(
            "registered_nurse",
            "microneedling",
            "US",
            cap=Decimal(3),
            supervision=draw(
                st.sampled_from(["direct"] * 7 + ["general", "delegated"])
            ),
            agreed=draw(st.booleans()),
            order=draw(st.sampled_from(["", "", "order", "order", "referral"])),
        ),
    ]
    if draw(st.booleans()):  # the state's own row begins or ends some day
        more = {"first": turn} if draw(st.booleans()) else {"last": turn}
        some.append(
            Rule("physical_therapist", "dry_needling", "US-AZ", hours=24, **more)
        )
    return tuple(some)


@st.composite
def papers(draw, roles, treatment, dates):
    """Mostly a licence for each role and place, and a course."""
    made = []
    for role in roles:
        for _ in range(draw(often(1, 0, 2, weight=16))):
            made.append(
                Paper(
                    "licence",
                    role=draw(often(role.code, None, "chiropractor", weight=24)),
                    jurisdiction=draw(
                        often(role.place.jurisdiction, "US-FL", "US", weight=16)
                    ),
                    first=draw(often(date(2020, 1, 1), date(2025, 6, 1), weight=5))
                    if draw(often(True, False, weight=14))
                    else draw(dates),
                    last=draw(often(date(2030, 1, 1), None, weight=2))
                    if draw(often(True, False, weight=9))
                    else draw(dates),
                    verified=draw(often(True, False, weight=14)),
                )
            )
    for _ in range(draw(often(1, 0, 2, weight=8))):
        made.append(
            Paper(
                "course",
                role=None,
                jurisdiction="",
                first=draw(often(None, date(2026, 2, 3), weight=9)),
                last=draw(often(None, draw(dates), weight=9)),
                verified=draw(often(True, False, weight=14)),
                treatment=draw(often(treatment, "dry_needling", weight=14)),
                hours=draw(often(60, 54, 53, 30, weight=12)),
            )
        )
    # A period that ends before it begins cannot be stored.
    return tuple(
        paper
        for paper in made
        if not (paper.first and paper.last and paper.last < paper.first)
    )


@st.composite
def limits(draw, dates):
    """A first or a last day, or mostly neither."""
    found = {"first": None, "last": None}
    if draw(often(False, True, weight=6)):
        found[draw(st.sampled_from(["first", "last"]))] = draw(dates)
    return found


@st.composite
def singles(draw, dates):
    """Mostly none: a day off, a day with other hours, or one with more of them."""
    made = []
    for day in draw(st.sets(dates, max_size=2)) if draw(often(False, True)) else ():
        if draw(often(True, False, weight=2)):
            made.append(Single(day, None, None))
        for start, end in draw(st.sampled_from([[], *SPANS])):
            made.append(Single(day, time.fromisoformat(start), time.fromisoformat(end)))
    return tuple(made)


@st.composite
def roles_of(draw, both_places, treatment, dates, profession):
    """A role at the place asked about, and often one at the other place too."""
    chosen = {}
    asked, other = both_places
    for place in draw(st.sampled_from([(asked,), (asked, other), (other, asked)])):
        code = profession or draw(st.sampled_from(ROLES[treatment]))
        bounds, of_hours = draw(limits(dates)), draw(limits(dates))
        spans = tuple(
            Span(day, time.fromisoformat(start), time.fromisoformat(end), **of_hours)
            for day in range(7)
            if draw(often(True, False, weight=9))
            for start, end in draw(st.sampled_from(SPANS))
        )
        apart = draw(singles(dates))
        chosen[code, place.slug] = Role(
            code, place, spans=spans, singles=apart, **bounds
        )
    return tuple(chosen.values())


@st.composite
def privileges(draw, all_variants, dates):
    return tuple(
        Privilege(
            variant.code,
            place=draw(often(None, "denver", "phoenix", weight=10)),
            depth=draw(often(None, *decimals("0.4", "0.5", "1.0"), weight=7)),
            **draw(
                often(
                    {"first": None, "last": None},
                    {"first": draw(dates), "last": None},
                    {"first": None, "last": draw(dates)},
                )
            ),
        )
        for variant in all_variants
        for _ in range(draw(often(1, 2, 0, weight=12)))
    )


@st.composite
def people(draw, slug, both_places, asked, all_variants, dates, moments, profession):
    roles = draw(roles_of(both_places, asked.treatment, dates, profession))
    leave = []
    granted = draw(privileges(all_variants, dates))
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        start = draw(moments)
        hours = draw(st.sampled_from([1, 4, 24]))
        leave.append((start, start + timedelta(hours=hours)))
    return Person(
        slug,
        active=draw(often(True, False, weight=19)),
        roles=roles,
        papers=draw(papers(roles, asked.treatment, dates)),
        privileges=granted,
        leave=tuple(leave),
    )


@st.composite
def visits(draw, persons, all_variants, things, moments):
    """Appointments that do not meet: one that would is left out."""
    made = []
    for _ in range(draw(st.integers(1, 9))):
        person = draw(st.sampled_from(persons))
        start = draw(moments)
        if draw(often(False, True, weight=4)):
            start -= 30 * DAY
        visit = Visit(
            person.slug,
            role=draw(st.sampled_from(person.roles)),
            variant=draw(st.sampled_from(all_variants)),
            patient=draw(st.sampled_from([0, 0, 0, 1])),
            start=start,
            status=draw(often("booked", "arrived", "fulfilled", "cancelled", "noshow")),
            takes=tuple(
                thing
                for thing in things
                if thing.place == person.roles[0].place.slug
                and draw(st.sampled_from([True, False]))
            ),
        )
        if not any(_meet(visit, other) for other in made):
            made.append(visit)
    return tuple(made)


def _meet(one: Visit, other: Visit) -> bool:
    if not {one.status, other.status} <= STANDING:
        return False
    same = one.person == other.person or one.patient == other.patient
    if same and _at_once(one.occupied, other.occupied):
        return True
    return any(
        thing in other.takes
        and _at_once(one.occupies(thing.what), other.occupies(thing.what))
        for thing in one.takes
    )


def _at_once(one, other):
    return one[0] < other[1] and other[0] < one[1]


@st.composite
def ways(draw):
    """None, one or two ways between the two places, which may differ."""
    found = []
    for start, end in [("denver", "phoenix"), ("phoenix", "denver")]:
        minutes = draw(st.sampled_from([300, 120, 45, None, 0]))
        if minutes is not None:
            found.append((start, end, minutes))
    return tuple(found)


@st.composite
def plans(draw):
    first_day = draw(st.sampled_from(FIRST_DAYS))
    days = draw(st.sampled_from([3, 2, 3, 1]))
    dates = st.integers(-1, days).map(lambda n: first_day + n * DAY)
    morning = datetime.combine(first_day, time(6), UTC)
    moments = st.integers(0, days * 288).map(
        lambda n: morning + n * timedelta(minutes=5)
    )
    both = draw(places(dates))
    asked_place = draw(often(both[0], both[1], weight=2))
    ordered = (asked_place, *(place for place in both if place != asked_place))
    all_variants = draw(variants())
    asked = draw(st.sampled_from(all_variants))
    professions = draw(st.sampled_from([(None,), (None, None), (None,) * 3]))
    if asked.treatment == "microneedling":  # often a nurse, and who may supervise her
        pair = ("registered_nurse", "dermatologist")
        professions = draw(st.sampled_from([professions, pair]))
    persons = tuple(
        draw(
            people(
                f"p{number}", ordered, asked, all_variants, dates, moments, profession
            )
        )
        for number, profession in enumerate(professions)
    )
    over = draw(under.agreements(persons, asked, dates))
    ordered_by = draw(under.orders(persons, asked, dates, first_day))
    things = draw(equipment.things(moments))
    some = draw(visits(persons, all_variants, things, moments))
    lead = draw(st.sampled_from([700, 500, 1000, 200, -300, -1500]))
    skin = asked.treatment == "microneedling"
    deeper = None if asked.depth is None else asked.depth + Decimal("0.1")
    areas = [("cheeks",), ("nose",), ("cheeks", "nose"), ("body_scar",), ("eyelid",)]
    plan = Plan(
        now=morning
        + timedelta(minutes=lead, seconds=draw(st.sampled_from([0, 1, 59]))),
        first_day=first_day,
        days=days,
        places=both,
        variants=all_variants,
        rules=draw(rules(dates)),
        people=persons,
        agreements=over,
        orders=ordered_by,
        ways=draw(ways()),
        things=things,
        visits=some,
        variant=asked,
        place=asked_place,
        patient=draw(st.sampled_from([0, 0, 0, 1, None])),
        areas=draw(often(areas[0], *areas[1:], weight=12)) if skin else (),
        depth=draw(often(asked.depth, deeper, weight=12)),
        ignored=draw(often(None, *range(len(some)), weight=4)),
    )
    return draw(sessions.with_course(plan))
