"""Random rooms and devices, as plain values: few, so that they run out."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.properties.values import Thing

KINDS = {"room": ("quiet", "procedure"), "device": ("pen", "centrifuge")}


def _often(value, *others, weight=6):
    return st.sampled_from([value] * weight + list(others))


@st.composite
def things(draw, moments):
    """Mostly enough of each kind at each place, some of which serve as two."""
    made = []
    for place in ("denver", "phoenix"):
        for what, kinds in KINDS.items():
            number = 0
            for kind in kinds:
                for _ in range(draw(st.sampled_from([1, 2] * 8 + [0]))):
                    both = what == "room" and draw(_often(False, True, weight=3))
                    made.append(
                        Thing(
                            what,
                            f"{what}-{number}",
                            place,
                            kinds=kinds if both else (kind,),
                            active=draw(_often(True, False, weight=20)),
                            out=draw(_outages(moments)),
                        )
                    )
                    number += 1
    return tuple(made)


@st.composite
def _outages(draw, moments):
    if not draw(_often(False, True, weight=2)):
        return ()
    start = draw(moments)
    hours = draw(st.sampled_from([4, 12, 1, None]))
    return ((start, None if hours is None else start + timedelta(hours=hours)),)


def needs(kinds):
    """One of a kind mostly; none, or one of each, or two alike, sometimes."""
    first, second = kinds
    twice, each = (first, first), (first, second)
    return st.sampled_from(
        [(first,)] * 8 + [(second,)] * 4 + [()] * 2 + [each] * 2 + [twice] * 2
    )


AROUND = st.tuples(
    st.sampled_from([None, None, 0, 5]), st.sampled_from([None, None, 0, 20])
)
