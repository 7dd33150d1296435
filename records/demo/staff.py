"""Who works here: one practitioner for each column of section 4.6b, desk and admin.

`papers` are those of the file: licences by jurisdiction, courses by what they count.
`does` are the variants the clinic grants; some are granted where the law of a place
refuses, so that the demo shows the law's refusal and not the clinic's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clinic.access import CLINIC_ADMIN, CLINICIAN, FRONT_DESK

EVERYWHERE = ("US-UT", "US-AZ", "US-FL")
NEEDLING = ("dn_first", "dn_follow_up", "dn_extended", "consult_msk")
SHALLOW = ("mn_face_05", "mn_neck", "mn_decolletage", "mn_hands")
DEEPER = ("mn_face_10", "mn_face_scars_15", "mn_scalp")
MEDICAL = ("rf_face", "prp_face", "peel_medium_face")
BEAUTY = ("peel_light", "consult_skin")

# Who works where on which days (0 is Monday): one day off each, and no day, Sundays
# included, on which the demo shows nobody.
EARLY = {"salt-lake-city": (0, 1), "phoenix": (2, 3), "tampa": (5, 6)}
MIDDLE = {"phoenix": (0, 1), "tampa": (3, 4), "salt-lake-city": (5, 6)}
LATE = {"tampa": (0, 1), "salt-lake-city": (2, 3), "phoenix": (4, 6)}


@dataclass(frozen=True)
class Person:
    """A practitioner as the demo puts them together."""

    slug: str
    name: str
    role: str
    npi: str
    about: str
    week: Mapping[str, tuple[int, ...]]
    does: tuple[str, ...]
    courses: tuple[tuple[str, dict[str, Any]], ...] = ()
    licence: str = "state_licence"
    licensed_in: tuple[str, ...] = EVERYWHERE
    licensed_years: int = 3
    licence_ends_in_days: int = 3 * 365
    verified: bool = True
    groups: tuple[str, ...] = ()


def dry_needling(
    hours: int, in_person: int, sessions: int
) -> tuple[str, dict[str, Any]]:
    return "dn_course", {
        "specific_hours": hours,
        "in_person_hours": in_person,
        "supervised_sessions": sessions,
    }


WITH_THE_HOURS = dry_needling(60, 50, 25)
DEVICE: tuple[str, dict[str, Any]] = ("device_training", {})
BLOOD_DRAW: tuple[str, dict[str, Any]] = ("phlebotomy", {})

PRACTITIONERS = (
    Person(
        slug="ruth-okafor",
        name="Ruth Okafor, PT",
        role="physical_therapist",
        npi="1999999901",
        about="Necks, shoulders and the headaches that start there.",
        week=EARLY,
        does=NEEDLING,
        courses=(WITH_THE_HOURS,),
        groups=(CLINICIAN,),
    ),
    Person(
        slug="ben-castillo",
        name="Ben Castillo, PT",
        role="physical_therapist",
        npi="1999999919",
        about="A year in practice; still collecting his needling hours.",
        week=MIDDLE,
        does=NEEDLING,
        courses=(dry_needling(40, 30, 10),),
        licensed_years=1,
    ),
    Person(
        slug="helen-strand",
        name="Helen Strand, PT",
        role="physical_therapist",
        npi="1999999927",
        about="Runners' hips, calves and feet.",
        week=LATE,
        does=NEEDLING,
        courses=(WITH_THE_HOURS,),
        licence_ends_in_days=21,
    ),
    Person(
        slug="tomas-varga",
        name="Tomás Varga, PT",
        role="physical_therapist",
        npi="1999999935",
        about="New here: his papers are on file and nobody has verified them yet.",
        week=EARLY,
        does=NEEDLING,
        courses=(WITH_THE_HOURS,),
        verified=False,
    ),
    Person(
        slug="miles-deacon",
        name="Miles Deacon, DC",
        role="chiropractor",
        npi="1999999943",
        about="Backs, and what a long day at a desk does to them.",
        week=MIDDLE,
        does=NEEDLING,
        courses=(dry_needling(40, 40, 12),),
    ),
    Person(
        slug="lucia-ferrante",
        name="Lucía Ferrante",
        role="aesthetician",
        npi="",
        about="Light peels, and shallow micro-needling where the law lets her.",
        week=LATE,
        does=(*SHALLOW, *BEAUTY),
        courses=(("mn_course", {"specific_hours": 75}), DEVICE),
        licence="esthetics_licence",
    ),
    Person(
        slug="noor-rahimi",
        name="Noor Rahimi",
        role="master_aesthetician",
        npi="",
        about="Texture and acne scars. Licensed in Utah.",
        week=EARLY,
        does=(*SHALLOW, *DEEPER, *BEAUTY),
        courses=(("mn_course", {"specific_hours": 120}), DEVICE),
        licence="master_esthetics",
        licensed_in=("US-UT",),
    ),
    Person(
        slug="james-whitfield",
        name="Dr. James Whitfield",
        role="dermatologist",
        npi="1999999950",
        about="Scars, pigment and everything that needs a physician.",
        week=MIDDLE,
        does=(*SHALLOW, *DEEPER, *MEDICAL, *BEAUTY),
        courses=(DEVICE, BLOOD_DRAW),
        groups=(CLINICIAN,),
    ),
    Person(
        slug="priya-anand",
        name="Priya Anand, NP",
        role="nurse_practitioner",
        npi="1999999968",
        about="First conversations about skin, muscles and what comes next.",
        week=LATE,
        does=(*SHALLOW, *DEEPER, "prp_face", *BEAUTY, "consult_msk"),
        courses=(DEVICE, BLOOD_DRAW),
    ),
    Person(
        slug="grace-lindholm",
        name="Grace Lindholm, RN",
        role="registered_nurse",
        npi="1999999976",
        about="Skin consultations; treats on a physician's order.",
        week=EARLY,
        does=(*SHALLOW, *DEEPER, *MEDICAL, *BEAUTY),
        courses=(DEVICE, BLOOD_DRAW),
    ),
)

# E-mail, given name, family name, groups, whether they see the back office.
OFFICE = (
    ("admin@example.com", "Olivia", "Stone", (CLINIC_ADMIN,), True),
    ("desk@example.com", "Daniel", "Willow", (FRONT_DESK,), False),
)
