"""Thirty-six people who do not exist, twelve to a place, and why they come.

Nobody has an e-mail address that is read: example.com is nobody's. Those without one
were registered at the desk, and do not sign in.
"""

from typing import NamedTuple

from records.demo.places import PHOENIX, SALT_LAKE_CITY, TAMPA

ANNA = "anna@example.com"


class Registered(NamedTuple):
    given_name: str
    family_name: str
    birth_date: str
    story: str
    signs_in: bool
    place: str
    phone: str

    @property
    def email(self) -> str:
        return f"{self.given_name.lower()}@example.com" if self.signs_in else ""


# A visit is about so many days from the day on which the demo is loaded, or soon after.
STORIES: dict[str, tuple[tuple[int, str], ...]] = {
    "anna": (
        (-13, "consult_msk"),
        (-9, "dn_first"),
        (-4, "dn_follow_up"),
        (2, "dn_follow_up"),
        (8, "consult_skin"),
    ),
    "course": (
        (-14, "consult_msk"),
        (-11, "dn_first"),
        (-7, "dn_follow_up"),
        (-3, "dn_follow_up"),
        (0, "dn_follow_up"),
        (4, "dn_follow_up"),
        (8, "dn_follow_up"),
        (11, "dn_follow_up"),
    ),
    "runner": (
        (-14, "dn_first"),
        (-9, "dn_follow_up"),
        (-5, "dn_extended"),
        (-1, "dn_follow_up"),
        (3, "dn_extended"),
        (7, "dn_follow_up"),
        (11, "dn_follow_up"),
    ),
    "ended": (
        (-14, "dn_first"),
        (-9, "dn_follow_up"),
        (-5, "dn_follow_up"),
        (0, "consult_msk"),
    ),
    "newcomer": (
        (-3, "consult_msk"),
        (1, "dn_first"),
        (5, "dn_follow_up"),
        (9, "dn_follow_up"),
    ),
    "undecided": ((-1, "consult_msk"), (4, "consult_skin")),
    "glow": ((-14, "consult_skin"), (-9, "mn_face_05"), (1, "consult_skin")),
    "soon": ((-6, "consult_skin"), (0, "mn_face_05"), (9, "consult_skin")),
    "scars": ((-12, "consult_skin"), (-4, "mn_face_scars_15"), (4, "consult_skin")),
    "peels": ((-14, "consult_skin"), (-11, "peel_light"), (5, "peel_light")),
    "hands": ((-8, "consult_skin"), (2, "mn_hands"), (10, "consult_skin")),
    "medical": ((-10, "consult_skin"), (0, "rf_face"), (8, "consult_skin")),
    "plasma": ((-6, "consult_skin"), (4, "prp_face")),
    "pigment": ((-10, "consult_skin"), (0, "peel_medium_face")),
    "lines": ((-5, "mn_neck"), (0, "consult_skin"), (7, "mn_decolletage")),
    "scalp": ((-8, "consult_skin"), (-2, "mn_scalp"), (8, "consult_skin")),
}

# Given and family name, birth date, story, whether they sign in.
PEOPLE = {
    SALT_LAKE_CITY: (
        ("Anna", "Lindqvist", "1988-04-12", "anna", True),
        ("Marcus", "Bell", "1979-11-03", "course", True),
        ("Yuki", "Tanaka", "1993-02-27", "runner", True),
        ("Dolores", "Whitehorse", "1951-08-19", "course", False),
        ("Peter", "Novak", "1968-06-30", "ended", True),
        ("Sofia", "Marchetti", "1996-12-08", "newcomer", True),
        ("Elijah", "Brooks", "1985-03-21", "undecided", True),
        ("Hannah", "Vogel", "1990-07-15", "glow", True),
        ("Mei", "Chen", "1983-10-02", "scars", True),
        ("Walter", "Kimball", "1947-01-25", "pigment", False),
        ("Isla", "Morrison", "1999-05-06", "peels", True),
        ("Teresa", "Quintana", "1975-09-14", "medical", True),
    ),
    PHOENIX: (
        ("Andre", "Baptiste", "1982-02-11", "course", True),
        ("Carmen", "Reyes", "1966-12-29", "runner", True),
        ("Josephine", "Nez", "1958-04-04", "course", False),
        ("Liam", "O'Connor", "1991-08-23", "ended", True),
        ("Fatima", "Haddad", "1987-01-17", "newcomer", True),
        ("George", "Pappas", "1971-10-10", "undecided", True),
        ("Nadia", "Petrova", "1994-06-01", "glow", True),
        ("Chloe", "Bennett", "2001-03-09", "soon", True),
        ("Samuel", "Adeyemi", "1980-05-28", "hands", True),
        ("Ingrid", "Sorensen", "1962-11-20", "plasma", False),
        ("Vanessa", "Duarte", "1989-09-05", "peels", True),
        ("Oscar", "Lindgren", "1977-07-07", "lines", True),
    ),
    TAMPA: (
        ("Rosa", "Delgado", "1959-03-18", "course", False),
        ("Kwame", "Mensah", "1984-12-12", "runner", True),
        ("Emily", "Hart", "1992-01-30", "course", True),
        ("Viktor", "Horvath", "1970-05-16", "ended", True),
        ("Amara", "Nwosu", "1998-08-08", "newcomer", True),
        ("Charles", "Beaumont", "1944-10-31", "undecided", False),
        ("Leila", "Farahani", "1986-06-24", "scalp", True),
        ("Jasmine", "Cole", "1995-04-19", "scars", True),
        ("Ricardo", "Fuentes", "1973-02-02", "medical", False),
        ("Bridget", "Kelly", "1981-11-26", "plasma", True),
        ("Simone", "Laurent", "1990-09-13", "peels", True),
        ("Thanh", "Nguyen", "1967-07-22", "lines", True),
    ),
}

PATIENTS = tuple(
    Registered(*row, place.slug, f"{place.phone[:-2]}{number + 11}")
    for place, rows in PEOPLE.items()
    for number, row in enumerate(rows)
)
