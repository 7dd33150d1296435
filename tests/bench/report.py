"""The table: every figure as a ratio, beside what it must be and what it aims at.

Each figure stands beside its floor, measured in the same turns. The ratio is that of the
best turn of each, as in the measurement that the bounds come from: what others do on
the machine only adds. Beside it stands the middle one of the turns' own ratios.
"""

import statistics
from typing import Any, NamedTuple

Turn = dict[str, float]


class Ratio(NamedTuple):
    best: float
    middle: float

    def over(self, other: "Ratio") -> "Ratio":
        return Ratio(self.best / other.best, self.middle / other.middle)


class Line(NamedTuple):
    """A figure, and its bounds. `least` says that more is better."""

    name: str
    value: float
    must: float
    aim: float
    unit: str = ""
    least: bool = False
    middle: float | None = None

    @classmethod
    def of(cls, name: str, ratio: Ratio, *bounds: float, **more: Any) -> "Line":
        return cls(name, ratio.best, *bounds, **more, middle=ratio.middle)

    def verdict(self) -> str:
        better = (lambda a, b: a >= b) if self.least else (lambda a, b: a <= b)
        if not better(self.value, self.must):
            return "MISS"
        return "PASS, aim met" if better(self.value, self.aim) else "PASS"

    def shown(self) -> str:
        sign = "≥" if self.least else "≤"
        value, must, aim = (short(number) + self.unit for number in self[1:4])
        middle = "" if self.middle is None else f"   middle {short(self.middle)}"
        return (
            f"  {self.name:42} {value:>9}   must {sign} {must:>7}"
            f"   aim {sign} {aim:>7}   {self.verdict():13}{middle}"
        ).rstrip()


def short(number: float) -> str:
    """Three digits, or all before the point."""
    return f"{number:.0f}" if number >= 1000 else f"{number:.3g}"


def lines(database: str, sizes: dict[str, Any]) -> list[Line]:
    """The ratios of one database, at its largest size."""
    small, large = next(iter(sizes.values())), list(sizes.values())[-1]
    turns = large["turns"]
    found = [
        Line.of(
            "Q2 page / (raw SQL + small view)",
            beside(turns, "Q2 page", "raw", "small"),
            *(5, 3),
        ),
        Line.of(
            "Q1 page / empty view",
            beside(turns, "Q1 page", "empty"),
            *(6, 4 if database == "sqlite" else 5),
        ),
        *(
            Line.of(f"{page} / small template view", beside(turns, page, "small"), 5, 3)
            for page in CATALOGUE
        ),
        Line.of("Q3 / Q2, in process", beside(large["rounds"], "Q3", "Q2"), 0.8, 0.6),
        Line.of(
            "B1 bookings/s / empty view's req/s",
            rates(large["at eight"]),
            *(5, 8),
            unit=" %",
            least=True,
        ),
        Line("B1 p99, 16 clients, 2 x 8 threads", large["p99"], 250, 120, " ms"),
    ]
    if large.get("server"):
        ratio = beside(large["server"], "B1", "floor")
        found.append(Line.of("B1: server's CPU / that of three inserts", ratio, 4, 2.5))
    if len(sizes) > 1:
        found += [
            Line.of(
                f"growth of {name}, largest / S",
                beside(large[when], name, floor).over(beside(small[when], name, floor)),
                *(1.25, 1.1),
            )
            for name, when, floor in GROWS
        ]
    found += [
        Line(f"statements of {name}", large[f"{name} statements"], must, aim)
        for name, must, aim in STATEMENTS
    ]
    if "beside" in large:
        found += beside_another(large["beside"]["turns"])
    return found


def beside_another(turns: list[Turn]) -> list[Line]:
    """How many times as long django-appointment takes."""
    return [
        Line.of(
            words,
            beside(turns, its, *ours, in_parts=its in PARTS),
            *(must, aim),
            unit=" x",
            least=True,
        )
        for words, its, ours, must, aim in BESIDE
    ]


def beside(turns: list[Turn], name: str, *floors: str, in_parts: bool = False) -> Ratio:
    """What takes so long beside its floor, or beside the sum of some."""
    middle = statistics.median(
        turn[name] / sum(turn[floor] for floor in floors) for turn in turns
    )
    if in_parts:
        return Ratio(middle, middle)
    least = {key: min(turn[key] for turn in turns) for key in (name, *floors)}
    return Ratio(least[name] / sum(least[floor] for floor in floors), middle)


def rates(rounds: list[Turn]) -> Ratio:
    """Bookings for each hundred requests of the floor, in a second."""
    most = {name: max(each[name] for each in rounds) for name in ("B1", "empty")}
    middle = statistics.median(each["B1"] / each["empty"] for each in rounds)
    return Ratio(100 * most["B1"] / most["empty"], 100 * middle)


def best(of_size: dict[str, Any], name: str) -> float:
    """Milliseconds of the best round or turn; what was measured once is that."""
    if name in of_size:
        return float(of_size[name])
    rounds = of_size["rounds"] if name in of_size["rounds"][0] else of_size["turns"]
    return float(min(each[name] for each in rounds))


CATALOGUE = ("home page", "list page", "treatment page", "comparison page")
# The sizes are minutes apart. Neither the raw SQL of 28 days nor an empty view knows
# of history, so that what grows beside them is the question.
GROWS = (
    *((name, "rounds", "raw") for name in ("Q1", "Q2", "Q3")),
    *((name, "turns", "empty") for name in ("Q2 page", "B1")),
)
STATEMENTS = (("Q1", 5, 3), ("Q2", 6, 4), ("Q3", 6, 4), ("B1", 14, 10))
# What django-appointment takes, and in the same turn we. Its Q3 is a date without a
# page: ours is the answer and the least that brings it over HTTP.
BESIDE = (
    ("Q1: django-appointment / our page", "its Q1", ("Q1 page",), 4, 4),
    ("Q2: its 560 requests / our page", "its Q2", ("Q2 page",), 300, 600),
    ("Q3: its 20 requests / ours + empty view", "its Q3", ("Q3", "empty"), 200, 200),
    ("B1: its 2 POSTs / our POST", "its B1", ("B1",), 3, 4),
)
PARTS = ("its Q2",)  # each turn asks another part of it, and none is the best
SIDE_BY_SIDE = {
    "its Q1": "django-appointment: Q1, one request",
    "Q1 page": "  our page",
    "its Q2": "django-appointment: Q2, 560 requests",
    "Q2 page": "  our page",
    "its Q3": "django-appointment: Q3, 20 requests, a date",
    "Q3": "  ours in process, a time",
    "Q3 page": "  our page of today, or of the next time",
    "its B1": "django-appointment: B1, 2 POSTs",
    "B1": "  our POST",
}
FIGURES = {
    "raw": "raw SQL of Q2, as integers",
    "empty": "empty view, all middleware",
    "small": "small template view",
    "cold": "rulebook read anew",
    "Q1": "Q1 in process: one person, one day",
    "Q2": "Q2 in process: anybody, 28 days",
    "Q3": "Q3 in process: first free 90 minutes",
    "Q1 page": "Q1 page",
    "Q2 page": "Q2 page",
    **{page: page for page in CATALOGUE},
    "empty cpu": "processor's time: empty view",
    "small cpu": "processor's time: small template view",
    "Q1 page cpu": "processor's time: Q1 page",
    "Q2 page cpu": "processor's time: Q2 page",
    "B1": "B1: one booking, POST to redirect",
}


ON_THE_SERVER = {
    "B1": "processor's time of PostgreSQL: B1",
    "floor": "processor's time of PostgreSQL: 3 inserts",
}


def figures(sizes: dict[str, Any]) -> list[str]:
    """What was measured, in milliseconds, size by size."""
    heads = "".join(f"{size:>10}" for size in sizes)
    shown = [f"  {'milliseconds, best round':42}{heads}"]
    for key, words in FIGURES.items():
        values = "".join(f"{best(of_size, key):10.2f}" for of_size in sizes.values())
        shown.append(f"  {words:42}{values}")
    large = list(sizes.values())[-1]
    for key, words in ON_THE_SERVER.items():
        if large.get("server"):
            used = min(turn[key] for turn in large["server"])
            shown.append(f"  {words:42}{used:{10 * len(sizes)}.2f}")
    for key, words in {
        "empty": "empty view, requests/s, 8 clients",
        "B1": "B1, bookings/s, 8 clients",
    }.items():
        rates = (max(each[key] for each in row["at eight"]) for row in sizes.values())
        values = "".join(f"{rate:10.0f}" for rate in rates)
        shown.append(f"  {words:42}{values}")
    return shown


def side_by_side(found: dict[str, Any]) -> list[str]:
    """What each took in the best of their turns and in the middle one, milliseconds."""
    shown = ["  side by side, milliseconds: best turn, middle one"]
    for key, words in SIDE_BY_SIDE.items():
        took = [turn[key] for turn in found["turns"]]
        shown.append(f"  {words:42}{min(took):10.2f}{statistics.median(took):10.2f}")
    shown.append(
        f"  Starts of the first Monday: it {found['theirs']}, without rooms;"
        f" we {found['ours']}."
    )
    return shown


def show(results: dict[str, Any]) -> tuple[str, int]:
    """The whole report, and how many ratios were missed."""
    text, missed = [], 0
    for database, result in results.items():
        sizes = result["sizes"]
        large = list(sizes.values())[-1]
        text += ["", f"== {database} ==", *figures(sizes)]
        text.append(
            "  Q2 found {} practitioner-starts, {} distinct starts; Q1 {}.".format(
                *large["Q2 found"], large["Q1 found"][0]
            )
        )
        if "beside" in large:
            text += side_by_side(large["beside"])
        text.append(f"  history back to {large['reaches']}; ratios:")
        for line in lines(database, sizes):
            text.append(line.shown())
            missed += line.verdict() == "MISS"
    return "\n".join(text), missed
