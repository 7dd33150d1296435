"""Makes rows of a plan, with few inserts."""

from datetime import UTC, datetime

from bookings.models import (
    Appointment,
    AvailableTime,
    Claim,
    Course,
    NotAvailableTime,
    SingleDay,
)
from clinic.models import (
    CredentialKind,
    Device,
    Location,
    OutOfService,
    Patient,
    PlaceDay,
    Practitioner,
    PractitionerRole,
    Qualification,
    Role,
    Room,
    TravelTime,
)
from tests import factories
from tests.properties.plans import AREA_CAPS, NEVER, STANDING
from tests.properties.values import Plan
from treatments.models import (
    Order,
    Privilege,
    ScopeOfPractice,
    SupervisionAgreement,
    Treatment,
    TreatmentVariant,
)

LONG_AGO = datetime(2026, 1, 2, 16, tzinfo=UTC)
ROLE_CODES = [
    "physical_therapist",
    "chiropractor",
    "aesthetician",
    "master_aesthetician",
    "dermatologist",
    "registered_nurse",
]
COURSES = {"dry_needling": "dn_course", "microneedling": "mn_course"}


def catalogue() -> None:
    """What no plan varies: roles, kinds, tokens, treatments, areas, two patients."""
    for code in ROLE_CODES:
        factories.RoleFactory(code=code)
    factories.CredentialKindFactory(code="state_licence", kind="licence")
    factories.CredentialTokenFactory()
    factories.CredentialTokenFactory(
        t_id="agreed",
        token="delegation",
        type="agreement",
        satisfied_by="supervision_agreement",
        held_by="clinic",
    )
    for treatment, kind in COURSES.items():
        family = "skin" if treatment == "microneedling" else "musculoskeletal"
        factories.TreatmentFactory(code=treatment, family=family)
        factories.CredentialKindFactory(code=kind, kind="course", treatments=treatment)
        factories.CredentialTokenFactory(
            t_id=kind, token="course", treatments=treatment, satisfied_by=kind
        )
    for area in [*AREA_CAPS, *NEVER]:
        factories.BodyAreaFactory(
            code=area,
            never_treat=area in NEVER,
            never_treat_treatments="microneedling" if area in NEVER else "",
        )
    for area, cap in AREA_CAPS.items():
        if cap is not None:
            factories.AreaDepthFactory(area=area, max_mm=cap)
    for number in range(2):
        factories.PatientFactory(user=None, given_name=f"Patient {number}")
    factories.UserFactory(email="verifier@example.com")


class Built:
    """The rows of a plan."""

    def __init__(self, plan: Plan, verifier: int) -> None:
        self.verifier = verifier
        self.patients = list(Patient.objects.order_by("pk"))
        self.role_rows = {row.code: row for row in Role.objects.all()}
        self.kinds = {row.code: row for row in CredentialKind.objects.all()}
        self.places = self._places(plan)
        self.things = {thing: self._thing(thing) for thing in plan.things}
        self.variants = self._variants(plan)
        self._rules(plan)
        self.people = {}
        self.roles = {}
        self._people(plan)
        self._papers(plan)
        self._agreements(plan)
        self._orders(plan)
        self.visits = self._visits(plan)

    def _places(self, plan):
        rows = Location.objects.bulk_create(
            Location(
                slug=place.slug,
                name=place.slug,
                zone=place.zone.key,
                jurisdiction=place.jurisdiction,
                start_grid_min=place.grid,
                notice_min=place.notice,
                horizon_days=place.horizon,
                is_open=place.is_open,
                keeps_holidays=place.keeps,
            )
            for place in plan.places
        )
        made = {row.slug: row for row in rows}
        PlaceDay.objects.bulk_create(
            PlaceDay(location=made[place.slug], day=day, is_open=is_open)
            for place in plan.places
            for day, is_open in place.days
        )
        TravelTime.objects.bulk_create(
            TravelTime(
                from_location=made[start], to_location=made[end], minutes=minutes
            )
            for start, end, minutes in plan.ways
        )
        return made

    def _thing(self, thing):
        common = {
            "location": self.places[thing.place],
            "slug": thing.slug,
            "name": thing.slug,
            "is_active": thing.active,
        }
        if thing.what == "room":
            made = Room.objects.create(kinds=",".join(thing.kinds), **common)
        else:
            made = Device.objects.create(kind=",".join(thing.kinds), **common)
        OutOfService.objects.bulk_create(
            OutOfService(starts_at=start, ends_at=end, **{thing.what: made})
            for start, end in thing.out
        )
        return made

    def _variants(self, plan):
        self.treatments = {row.code: row for row in Treatment.objects.all()}
        rows = TreatmentVariant.objects.bulk_create(
            TreatmentVariant(
                code=variant.code,
                label=variant.code,
                treatment=self.treatments[variant.treatment],
                visit=variant.visit,
                duration_min=variant.minutes,
                prep_min=variant.prep,
                cleanup_min=variant.cleanup,
                max_depth_mm=variant.depth,
                price_usd=100,
                is_offered=variant.offered,
                needs_room=",".join(variant.rooms),
                needs_device=",".join(variant.devices),
                room_prep_min=variant.around_rooms[0],
                room_cleanup_min=variant.around_rooms[1],
                device_prep_min=variant.around_devices[0],
                device_cleanup_min=variant.around_devices[1],
            )
            for variant in plan.variants
        )
        return {row.code: row for row in rows}

    def _rules(self, plan):
        ScopeOfPractice.objects.bulk_create(
            ScopeOfPractice(
                rule_id=f"R{number}",
                role=rule.role,
                treatment=rule.treatment,
                jurisdiction=rule.jurisdiction,
                status=rule.status,
                credential_kind="+".join(
                    filter(
                        None,
                        ["licence", rule.token, "delegation" if rule.agreed else ""],
                    )
                ),
                min_specific_hours=rule.hours,
                min_years_licensed=rule.years,
                max_depth_mm=rule.cap,
                supervision=rule.supervision,
                delegable="yes" if rule.delegates else "",
                referral_or_order=rule.order,
                effective_from=rule.first,
                effective_until=rule.last,
            )
            for number, rule in enumerate(plan.rules)
        )

    def _people(self, plan):
        for person in plan.people:
            row = Practitioner.objects.create(
                slug=person.slug, name=person.slug, is_active=person.active
            )
            self.people[person.slug] = row
            for role in person.roles:
                made = PractitionerRole.objects.create(
                    practitioner=row,
                    role=self.role_rows[role.code],
                    location=self.places[role.place.slug],
                    valid_from=role.first,
                    valid_until=role.last,
                )
                self.roles[person.slug, role.code, role.place.slug] = made
                AvailableTime.objects.bulk_create(
                    AvailableTime(
                        role=made,
                        weekday=span.weekday,
                        start_time=span.start,
                        end_time=span.end,
                        valid_from=span.first,
                        valid_until=span.last,
                    )
                    for span in role.spans
                )
                SingleDay.objects.bulk_create(
                    SingleDay(
                        role=made,
                        day=single.day,
                        start_time=single.start,
                        end_time=single.end,
                    )
                    for single in role.singles
                )
            NotAvailableTime.objects.bulk_create(
                NotAvailableTime(practitioner=row, starts_at=start, ends_at=end)
                for start, end in person.leave
            )

    def _papers(self, plan):
        Qualification.objects.bulk_create(
            Qualification(
                practitioner=self.people[person.slug],
                kind=self.kinds[COURSES.get(paper.treatment, "state_licence")],
                role=self.role_rows[paper.role] if paper.role else None,
                jurisdiction=paper.jurisdiction,
                valid_from=paper.first,
                valid_until=paper.last,
                verified_by_id=self.verifier if paper.verified else None,
                verified_on=plan.first_day if paper.verified else None,
                specific_hours=paper.hours,
            )
            for person in plan.people
            for paper in person.papers
        )
        Privilege.objects.bulk_create(
            Privilege(
                practitioner=self.people[person.slug],
                variant=self.variants[row.variant],
                location=self.places[row.place] if row.place else None,
                max_depth_mm=row.depth,
                valid_from=row.first,
                valid_until=row.last,
                granted_at=LONG_AGO,
            )
            for person in plan.people
            for row in person.privileges
        )

    def _agreements(self, plan):
        for row in plan.agreements:
            variant = self.variants[row.variant] if row.variant else None
            agreement = SupervisionAgreement.objects.create(
                practitioner=self.people[row.person],
                variant=variant,
                treatment=None if variant else self.treatments[row.treatment],
                location=self.places[row.place] if row.place else None,
                max_depth_mm=row.depth,
                valid_from=row.first,
                valid_until=row.last,
                made_at=LONG_AGO,
            )
            agreement.supervisors.set([self.people[slug] for slug in row.supervisors])

    def _orders(self, plan):
        Order.objects.bulk_create(
            Order(
                kind=row.kind,
                patient=None if row.patient is None else self.patients[row.patient],
                practitioner=self.people[row.person] if row.person else None,
                prescriber=self.people[row.prescriber] if row.prescriber else None,
                prescriber_outside="" if row.prescriber else "Dr. Elsewhere",
                treatment=self.treatments[row.treatment],
                location=self.places[row.place] if row.place else None,
                max_depth_mm=row.depth,
                valid_from=row.first,
                valid_until=row.last,
                recorded_at=LONG_AGO,
            )
            for row in plan.orders
        )

    def _course(self, plan):
        if plan.course is None:
            return None
        row = factories.CoursePlanFactory(
            treatment=self.treatments[plan.variant.treatment]
        )
        return Course.objects.create(
            patient=self.patients[0],
            variant=self.variants[plan.variant.code],
            plan=row,
            place=self.places[plan.place.slug],
            label="course",
            sessions=12,
            least_days=plan.course.least,
            most_days=plan.course.most,
            created_at=LONG_AGO,
        )

    def _visits(self, plan):
        made = []
        self.course = self._course(plan)
        for visit in plan.visits:
            role = self.roles[visit.person, visit.role.code, visit.role.place.slug]
            row = Appointment.objects.create(
                patient=self.patients[visit.patient],
                practitioner=self.people[visit.person],
                role=role,
                place=role.location,
                variant=self.variants[visit.variant.code],
                starts_at=visit.start,
                ends_at=visit.end,
                status=visit.status,
                course=self.course if visit.session else None,
                session=visit.session,
                label=visit.variant.code,
                price_usd=100,
                created_at=LONG_AGO,
            )
            made.append(row)
            if visit.status in STANDING:
                first, until = visit.occupied
                who, patient = row.practitioner, row.patient
                for key, begins, ends in [
                    ({"practitioner": who}, first, until),
                    ({"patient": patient}, visit.start, visit.end),
                    *(
                        ({thing.what: self.things[thing]}, *visit.occupies(thing.what))
                        for thing in visit.takes
                    ),
                ]:
                    Claim.objects.create(
                        appointment=row, starts_at=begins, ends_at=ends, **key
                    )
        return made
