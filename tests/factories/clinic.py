"""Factories of people, places and papers.

Roles, kinds and places are found again by their code, so that two rows made by
default share them.
"""

from datetime import UTC, date, datetime

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from clinic import access, models

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


class LocationFactory(DjangoModelFactory):
    """Salt Lake City, in Utah: starts every 15 minutes, 2 hours' notice, 90 days."""

    class Meta:
        model = models.Location
        django_get_or_create = ("slug",)

    slug = "salt-lake-city"
    name = factory.LazyAttribute(lambda p: p.slug.replace("-", " ").title())
    zone = "America/Denver"
    jurisdiction = "US-UT"


class PatientFactory(DjangoModelFactory):
    """An adult who signs in (give `user=None` for one who does not)."""

    class Meta:
        model = models.Patient

    user = factory.SubFactory(UserFactory, groups=[access.PATIENT])
    given_name = "Pat"
    family_name = factory.Sequence("Doe{}".format)
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
