"""All that changes seldom, read once and kept while it is true.

Rules, people, papers, privileges, hours and leave change by hand, a few times a day;
appointments change all the time and are never kept here. A database trigger replaces
the one stamp at every change of any of these tables, by whatever door, so that one
small query tells whether the copy in memory is still good.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection, models

from bookings.models import AvailableTime, NotAvailableTime, RulebookStamp
from clinic.models import (
    CredentialKind,
    Location,
    Practitioner,
    PractitionerRole,
    PremisesLicence,
    Qualification,
    Role,
    Source,
)
from treatments.models import (
    AftercareStep,
    AreaDepth,
    BodyArea,
    CatalogueField,
    Concern,
    CredentialToken,
    Edition,
    EditionText,
    EditionVariant,
    Effect,
    Privilege,
    RedFlag,
    ScopeOfPractice,
    SupervisionAgreement,
    Treatment,
    TreatmentVariant,
)

Answer = TypeVar("Answer")
MOST_KEPT = 5_000

# A change of any of these replaces the stamp (see bookings.guards).
SOURCES: tuple[type[models.Model], ...] = (
    AreaDepth,
    AvailableTime,
    BodyArea,
    CredentialKind,
    CredentialToken,
    Location,
    NotAvailableTime,
    Practitioner,
    PractitionerRole,
    PremisesLicence,
    Privilege,
    Qualification,
    Role,
    ScopeOfPractice,
    SupervisionAgreement,
    SupervisionAgreement.supervisors.through,
    Treatment,
    TreatmentVariant,
)

# What the public pages read besides; their drawn pages are kept by the same stamp.
SHOWN: tuple[type[models.Model], ...] = (
    AftercareStep,
    CatalogueField,
    Concern,
    Edition,
    EditionText,
    EditionVariant,
    Effect,
    RedFlag,
    Source,
)


class Rulebook:
    """A snapshot. Its rows are shared between requests: read them, never save them."""

    def __init__(self) -> None:
        self.places = {row.slug: row for row in Location.objects.order_by("name")}
        self.practitioners = {
            row.slug: row for row in Practitioner.objects.order_by("name")
        }
        self.variants = {
            row.code: row
            for row in TreatmentVariant.objects.select_related("treatment").order_by(
                "treatment__position", "pk"
            )
        }
        self.areas = {row.code: row for row in BodyArea.objects.order_by("pk")}
        self.scope = list(ScopeOfPractice.objects.order_by("rule_id"))
        self.tokens = list(CredentialToken.objects.order_by("t_id"))
        self.depth_caps: dict[str, Decimal] = {
            row.area: row.max_mm
            for row in AreaDepth.objects.all()
            if row.review_state != "withdrawn"
        }
        self._memo: dict[Hashable, Any] = {}
        self._read_people()
        self._read_hours()

    def _read_people(self) -> None:
        places = {place.pk: place for place in self.places.values()}
        people = {person.pk: person for person in self.practitioners.values()}
        self.roles: dict[int, PractitionerRole] = {}
        self._at: dict[int, list[PractitionerRole]] = defaultdict(list)
        for role in PractitionerRole.objects.select_related("role").order_by("pk"):
            role.practitioner = people[role.practitioner_id]
            role.location = places[role.location_id]
            self.roles[role.pk] = role
            self._at[role.location_id].append(role)
        self.papers = _grouped(
            Qualification.objects.select_related("kind", "role"), "practitioner_id"
        )
        self.premises = _grouped(
            PremisesLicence.objects.select_related("kind"), "location_id"
        )
        self.privileges: dict[tuple[int, int], list[Privilege]] = defaultdict(list)
        for row in Privilege.objects.order_by("pk"):
            self.privileges[row.practitioner_id, row.variant_id].append(row)
        self.agreements = _grouped(
            SupervisionAgreement.objects.order_by("pk"), "practitioner_id"
        )
        self.supervisors: dict[int, list[Practitioner]] = defaultdict(list)
        named = SupervisionAgreement.supervisors.through.objects
        for agreement, practitioner in named.order_by("pk").values_list(
            "supervisionagreement_id", "practitioner_id"
        ):
            self.supervisors[agreement].append(people[practitioner])

    def _read_hours(self) -> None:
        self.hours = _grouped(AvailableTime.objects.order_by("start_time"), "role_id")
        self.leave = _grouped(
            NotAvailableTime.objects.order_by("starts_at"), "practitioner_id"
        )

    def worked_out(self, key: Hashable, work: Callable[[], Answer]) -> Answer:
        """What `work` makes of this snapshot alone, kept as long as the snapshot is."""
        if key not in self._memo:
            if len(self._memo) >= MOST_KEPT:
                self._memo.clear()
            self._memo[key] = work()
        found: Answer = self._memo[key]
        return found

    def roles_of(self, practitioner_id: int, place_id: int) -> list[PractitionerRole]:
        """Every role that somebody holds at a place."""
        at_place = self.roles_at(place_id)
        return [role for role in at_place if role.practitioner_id == practitioner_id]

    def roles_at(self, place_id: int) -> list[PractitionerRole]:
        return self._at.get(place_id, [])


def _grouped(rows: models.QuerySet[Any], by: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, by)].append(row)
    return dict(groups)


_kept: dict[str, tuple[str, Rulebook]] = {}


def current() -> Rulebook:
    """The rulebook as the database has it now: one query when nothing changed."""
    name = str(connection.settings_dict["NAME"])
    stamp = current_stamp()
    kept = _kept.get(name)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    rulebook = Rulebook()
    for _ in range(3):  # a change may fall between two of the reads
        before, stamp = stamp, current_stamp()
        if before == stamp:
            break
        rulebook = Rulebook()
    if stamp:
        _kept[name] = (stamp, rulebook)
    return rulebook


def current_stamp() -> str:
    """What the database replaces at every change; empty if it keeps none."""
    # By hand, since every page asks: the ORM takes five times as long.
    table = RulebookStamp._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT stamp FROM {table} WHERE id = 1")  # noqa: S608 -- ours
        row = cursor.fetchone()
    return str(row[0]) if row else ""
