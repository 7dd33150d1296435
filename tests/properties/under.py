"""Random agreements and orders, as plain values."""

from decimal import Decimal

from hypothesis import strategies as st

from tests.properties.values import Agreement, Order


def _often(value, *others, weight=8):
    return st.sampled_from([value] * weight + list(others))


@st.composite
def _limits(draw, dates):
    found = {"first": None, "last": None}
    if draw(_often(False, True, weight=2)):
        found[draw(st.sampled_from(["first", "last"]))] = draw(dates)
    return found


DEPTHS = _often(None, Decimal("0.4"), Decimal("1.0"))
PLACES = _often(None, "denver", "phoenix", weight=10)


@st.composite
def agreements(draw, persons, asked, dates):
    """Mostly one for everybody, under all the others or some of them."""
    made = []
    for person in persons:
        others = [other.slug for other in persons if other is not person]
        for _ in range(draw(_often(1, 0, 2))) if others else ():
            some = draw(_often(tuple(others), (draw(st.sampled_from(others)),)))
            made.append(
                Agreement(
                    person.slug,
                    some,
                    variant=draw(_often(None, asked.code, "dn", weight=4)),
                    treatment=asked.treatment,
                    place=draw(PLACES),
                    depth=draw(DEPTHS),
                    **draw(_limits(dates)),
                )
            )
    # A variant belongs to its own treatment.
    return tuple(
        row for row in made if row.variant != "dn" or row.treatment == "dry_needling"
    )


@st.composite
def orders(draw, persons, asked, dates, first_day):
    """For one patient or another, or standing for somebody."""
    made = []
    for _ in range(draw(st.sampled_from([2, 1, 0, 3]))):
        patient = draw(st.sampled_from([0, 0, 1, None]))
        someone = draw(st.sampled_from(persons)).slug
        kind = draw(_often("order", "referral", weight=2))
        if patient is None:
            kind = "order"  # a referral is for one patient
        first = draw(_often(first_day.replace(year=2025), draw(dates), weight=3))
        last = draw(_often(None, draw(dates), weight=2))
        made.append(
            Order(
                kind,
                patient,
                person=someone if patient is None else draw(_often(None, someone)),
                prescriber=draw(_often(None, persons[0].slug, weight=5)),
                treatment=draw(_often(asked.treatment, "dry_needling", weight=12)),
                place=draw(PLACES),
                depth=draw(DEPTHS),
                first=first,
                last=last if last is None or last >= first else None,
            )
        )
    return tuple(made)
