"""Factories of people, places and papers.

Roles, kinds and places are found again by their code, so that two rows made by
default share them.
"""

from datetime import UTC, date, datetime, timedelta

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from clinic import access, models
from clinic.names import folded

REGISTERED = datetime(2026, 1, 2, 16, tzinfo=UTC)


class UserFactory(DjangoModelFactory):
    """Somebody who can sign in with the password "correct horse"; in no group.

    `groups=["front desk"]` puts them into groups by name; `password=None` makes an
    account without one.
    """

    class Meta:
        model = models.User
        skip_postgeneration_save = True

    email = factory.Sequence("person{}@example.com".format)
    password = "correct horse"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def groups(self, create, names, **kwargs):
        for name in (names or []) if create else []:
            self.groups.add(Group.objects.get_or_create(name=name)[0])


class FrontDeskUserFactory(UserFactory):
    """A user of the front desk."""

    email = factory.Sequence("desk{}@example.com".format)

    @factory.post_generation
    def groups(self, create, names, **kwargs):
        for name in ([access.FRONT_DESK] if names is None else names) if create else []:
            self.groups.add(Group.objects.get_or_create(name=name)[0])


class SourceFactory(DjangoModelFactory):
    """A source of general knowledge."""

    class Meta:
        model = models.Source
        django_get_or_create = ("code",)

    code = "GK"
    grade = "G"
    what = "General knowledge"


class RoleFactory(DjangoModelFactory):
    """A physical therapist."""

    class Meta:
        model = models.Role
        django_get_or_create = ("code",)

    code = "physical_therapist"
    label = factory.LazyAttribute(lambda r: r.code.replace("_", " ").capitalize())


class CredentialKindFactory(DjangoModelFactory):
    """A state licence, for any role and treatment."""

    class Meta:
        model = models.CredentialKind
        django_get_or_create = ("code",)

    code = "state_licence"
    label = factory.LazyAttribute(lambda k: k.code.replace("_", " ").capitalize())
    kind = "licence"


ROOM_KINDS = "treatment_room,procedure_room,consultation_room"
DEVICE_KINDS = ("microneedling_device", "rf_microneedling_device", "centrifuge")


class LocationFactory(DjangoModelFactory):
    """Salt Lake City, in Utah: starts every 15 minutes, 2 hours' notice, 90 days.

    Six rooms that serve as anything, and four devices of each kind, so that neither is
    what a test comes up against; `equipment=False` leaves them out.
    """

    class Meta:
        model = models.Location
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = "salt-lake-city"
    name = factory.LazyAttribute(lambda p: p.slug.replace("-", " ").title())
    zone = "America/Denver"
    jurisdiction = "US-UT"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        was_there = model_class.objects.filter(slug=kwargs["slug"]).exists()
        made = super()._create(model_class, *args, **kwargs)
        made.is_new = not was_there
        return made

    @factory.post_generation
    def equipment(self, create, wanted, **kwargs):
        if not create or wanted is False or not self.is_new:
            return
        models.Room.objects.bulk_create(
            models.Room(
                location=self,
                slug=f"room-{number}",
                name=f"Room {number}",
                kinds=ROOM_KINDS,
            )
            for number in range(1, 7)
        )
        models.Device.objects.bulk_create(
            models.Device(
                location=self,
                slug=f"{kind}-{number}",
                name=f"{kind} {number}",
                kind=kind,
            )
            for kind in DEVICE_KINDS
            for number in range(1, 5)
        )


class RoomFactory(DjangoModelFactory):
    """A treatment room at Salt Lake City, which has no other unless it is asked to."""

    class Meta:
        model = models.Room

    location = factory.SubFactory(LocationFactory, equipment=False)
    slug = factory.Sequence("room-no-{}".format)
    name = factory.LazyAttribute(lambda r: r.slug.replace("-", " ").capitalize())
    kinds = "treatment_room"


class DeviceFactory(DjangoModelFactory):
    """A micro-needling device at Salt Lake City."""

    class Meta:
        model = models.Device

    location = factory.SubFactory(LocationFactory, equipment=False)
    slug = factory.Sequence("device-no-{}".format)
    name = factory.LazyAttribute(lambda d: d.slug.replace("-", " ").capitalize())
    kind = "microneedling_device"


class OutOfServiceFactory(DjangoModelFactory):
    """A room cannot be used on Monday 2 February 2026, from ten in Denver, for hours.

    Give `device` instead, or `ends_at=None` for a time without an end.
    """

    class Meta:
        model = models.OutOfService

    room = factory.LazyAttribute(lambda o: None if o.device else RoomFactory())
    device = None
    starts_at = datetime(2026, 2, 2, 17, tzinfo=UTC)
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=2))


class PlaceDayFactory(DjangoModelFactory):
    """Monday 2 February 2026, on which Salt Lake City is closed."""

    class Meta:
        model = models.PlaceDay

    location = factory.SubFactory(LocationFactory)
    day = date(2026, 2, 2)


class TravelTimeFactory(DjangoModelFactory):
    """Three quarters of an hour from Salt Lake City to Park City."""

    class Meta:
        model = models.TravelTime

    from_location = factory.SubFactory(LocationFactory)
    to_location = factory.SubFactory(LocationFactory, slug="park-city")
    minutes = 45


class PatientFactory(DjangoModelFactory):
    """An adult who signs in (give `user=None` for one who does not)."""

    class Meta:
        model = models.Patient

    user = factory.SubFactory(UserFactory, groups=[access.PATIENT])
    given_name = "Pat"
    family_name = factory.Sequence("Doe{}".format)
    folded_name = factory.LazyAttribute(
        lambda p: folded(f"{p.given_name} {p.family_name}")
    )
    birth_date = date(1990, 4, 12)
    phone = factory.Sequence("+1 801 555 {:04d}".format)
    phone_digits = factory.LazyAttribute(
        lambda p: "".join(ch for ch in p.phone if ch.isdigit())
    )
    email = factory.LazyAttribute(lambda p: p.user.email if p.user else "")
    created_at = REGISTERED


class PractitionerFactory(DjangoModelFactory):
    """Somebody who treats patients and does not sign in; holds no role yet."""

    class Meta:
        model = models.Practitioner

    slug = factory.Sequence("practitioner-{}".format)
    name = factory.LazyAttribute(lambda p: p.slug.replace("-", " ").title())


class PractitionerRoleFactory(DjangoModelFactory):
    """A physical therapist at Salt Lake City, from no day and to no day."""

    class Meta:
        model = models.PractitionerRole

    practitioner = factory.SubFactory(PractitionerFactory)
    role = factory.SubFactory(RoleFactory)
    location = factory.SubFactory(LocationFactory)


class QualificationFactory(DjangoModelFactory):
    """A physical therapist's licence of Utah for 2020 to 2030, verified."""

    class Meta:
        model = models.Qualification

    practitioner = factory.SubFactory(PractitionerFactory)
    kind = factory.SubFactory(CredentialKindFactory)
    role = factory.SubFactory(RoleFactory)
    jurisdiction = "US-UT"
    valid_from = date(2020, 1, 1)
    valid_until = date(2030, 12, 31)
    verified_by = factory.SubFactory(UserFactory, is_staff=True)
    verified_on = factory.LazyAttribute(
        lambda q: date(2026, 1, 2) if q.verified_by else None
    )


class PremisesLicenceFactory(DjangoModelFactory):
    """A council's licence of Salt Lake City for 2020 to 2030, verified."""

    class Meta:
        model = models.PremisesLicence

    location = factory.SubFactory(LocationFactory)
    kind = factory.SubFactory(
        CredentialKindFactory, code="local_authority", kind="premises_licence"
    )
    jurisdiction = factory.SelfAttribute("location.jurisdiction")
    valid_from = date(2020, 1, 1)
    valid_until = date(2030, 12, 31)
    verified_by = factory.SubFactory(UserFactory, is_staff=True)
    verified_on = factory.LazyAttribute(
        lambda q: date(2026, 1, 2) if q.verified_by else None
    )
