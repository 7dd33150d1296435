"""All that changes seldom, read once and kept while it is true.

Rules, people, papers, privileges, hours and leave change by hand, a few times a day;
appointments change all the time and are never kept here. A database trigger replaces
the one stamp at every change of any of these tables, by whatever door, so that one
small query tells whether the copy in memory is still good.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

from django.db import connection, models

from bookings.models import (
    AvailableTime,
    CancellationPolicy,
    NotAvailableTime,
    RulebookStamp,
    SingleDay,
)
from clinic.models import (
    CredentialKind,
    Device,
    Location,
    OutOfService,
    PlaceDay,
    Practitioner,
    PractitionerRole,
    PremisesLicence,
    Qualification,
    Role,
    Room,
    Source,
    TravelTime,
)
from treatments.models import (
    AftercareStep,
    AreaDepth,
    BodyArea,
    CatalogueField,
    Concern,
    CoursePlan,
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
_MISSING = object()

# A change of any of these replaces the stamp (see bookings.guards).
SOURCES: tuple[type[models.Model], ...] = (
    AreaDepth,
    AvailableTime,
    BodyArea,
    CancellationPolicy,
    CoursePlan,
    CredentialKind,
    CredentialToken,
    Device,
    Location,
    NotAvailableTime,
    OutOfService,
    PlaceDay,
    Practitioner,
    PractitionerRole,
    PremisesLicence,
    Privilege,
    Qualification,
    Role,
    Room,
    ScopeOfPractice,
    SingleDay,
    SupervisionAgreement,
    SupervisionAgreement.supervisors.through,
    TravelTime,
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
        self.variants_by_id = {row.pk: row for row in self.variants.values()}
        self.areas = {row.code: row for row in BodyArea.objects.order_by("pk")}
        self.scope = list(ScopeOfPractice.objects.order_by("rule_id"))
        self.tokens = list(CredentialToken.objects.order_by("t_id"))
        self.policies = list(CancellationPolicy.objects.order_by("valid_from", "pk"))
        self.area_depths = list(AreaDepth.objects.exclude(review_state="withdrawn"))
        self.course_plans = _grouped(
            CoursePlan.objects.exclude(review_state="withdrawn").order_by("pk"),
            "treatment_id",
        )
        self._memo: dict[Hashable, Any] = {}
        self._read_people()
        self._read_hours()
        self._read_resources()

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
        self.single_days: dict[int, dict[date, list[SingleDay]]] = defaultdict(dict)
        for single in SingleDay.objects.order_by("start_time"):
            days = self.single_days[single.role_id]
            days.setdefault(single.day, []).append(single)
        self.place_days: dict[int, dict[date, PlaceDay]] = defaultdict(dict)
        for row in PlaceDay.objects.all():
            self.place_days[row.location_id][row.day] = row
        self.ways = {
            (row.from_location_id, row.to_location_id): row.minutes
            for row in TravelTime.objects.all()
        }
        self.longest_way = max(self.ways.values(), default=0)
        self.leave = _grouped(
            NotAvailableTime.objects.order_by("starts_at"), "practitioner_id"
        )

    def _read_resources(self) -> None:
        self.rooms = _grouped(Room.objects.order_by("name", "pk"), "location_id")
        self.devices = _grouped(Device.objects.order_by("name", "pk"), "location_id")
        self.out_of_service: dict[tuple[str, int], list[OutOfService]] = defaultdict(
            list
        )
        for row in OutOfService.objects.order_by("starts_at"):
            for key, pk in (("room", row.room_id), ("device", row.device_id)):
                if pk is not None:
                    self.out_of_service[key, pk].append(row)

    def worked_out(self, key: Hashable, work: Callable[[], Answer]) -> Answer:
        """What `work` makes of this snapshot alone, kept as long as the snapshot is.

        Threads share it, and any of them may clear it: what is given was never only there.
        """
        found = self._memo.get(key, _MISSING)
        if found is _MISSING:
            found = work()
            if len(self._memo) >= MOST_KEPT:
                self._memo.clear()
            self._memo[key] = found
        return cast(Answer, found)

    def roles_of(self, practitioner_id: int, place_id: int) -> list[PractitionerRole]:
        """Every role that somebody holds at a place."""
        at_place = self.roles_at(place_id)
        return [role for role in at_place if role.practitioner_id == practitioner_id]

    def depth_caps(self, treatment: str) -> dict[str, Decimal]:
        """How deep a treatment may go, in millimetres, by area.

        What is written for micro-needling holds for its radiofrequency and PRP kinds
        too; the smaller of two counts.
        """
        caps: dict[str, Decimal] = {}
        for row in self.area_depths:
            if row.treatment in {treatment, "microneedling"}:
                caps[row.area] = min(row.max_mm, caps.get(row.area, row.max_mm))
        return caps

    def way(self, start: int, end: int) -> int:
        """The minutes from a place to another; a way back takes as long as the way."""
        there, back = (start, end), (end, start)
        return self.ways.get(there, self.ways.get(back, 0))

    def policy_at(self, place_id: int, day: date) -> CancellationPolicy | None:
        """What is said about cancelling to whoever books on `day`, there.

        A place's own words go before the clinic's; the later row before the earlier.
        """
        in_force = [row for row in self.policies if row.valid_from <= day]
        for whose in (place_id, None):
            rows = [row for row in in_force if row.place_id == whose]
            if rows:
                return rows[-1]
        return None

    def rooms_at(self, place_id: int) -> list[Room]:
        """Those of a place that are in use."""
        return [room for room in self.rooms.get(place_id, ()) if room.is_active]

    def devices_at(self, place_id: int) -> list[Device]:
        """Those of a place that are in use."""
        return [each for each in self.devices.get(place_id, ()) if each.is_active]

    def roles_at(self, place_id: int) -> list[PractitionerRole]:
        return self._at.get(place_id, [])


def _grouped(rows: models.QuerySet[Any], by: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, by)].append(row)
    return dict(groups)


_kept: dict[str, tuple[str, Rulebook]] = {}


def at_hand() -> Rulebook:
    """The rulebook as this process read it last, whether or not it is still true."""
    kept = _kept.get(_name())
    return kept[1] if kept else current()


def current() -> Rulebook:
    """The rulebook as the database has it now: one query when nothing changed."""
    name = _name()
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


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def current_stamp() -> str:
    """What the database replaces at every change; empty if it keeps none."""
    # By hand, since every page asks: the ORM takes five times as long.
    table = RulebookStamp._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT stamp FROM {table} WHERE id = 1")  # noqa: S608 -- ours
        row = cursor.fetchone()
    return str(row[0]) if row else ""
