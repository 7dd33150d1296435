"""Factories of the catalogue, the rules as data, and privileges."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from tests.factories.clinic import PatientFactory, PractitionerFactory
from treatments import models

GRANTED = datetime(2026, 1, 2, 16, tzinfo=UTC)


class TreatmentFactory(DjangoModelFactory):
    """Dry needling, to which the clinic's floor of hours applies."""

    class Meta:
        model = models.Treatment
        django_get_or_create = ("code",)

    code = "dry_needling"
    name = factory.LazyAttribute(lambda t: t.code.replace("_", " ").capitalize())
    family = "musculoskeletal"
    needs_hours = factory.LazyAttribute(lambda t: t.code == "dry_needling")
    limited_by_depth = factory.LazyAttribute(lambda t: "microneedling" in t.code)


class TreatmentVariantFactory(DjangoModelFactory):
    """Half an hour of dry needling on any visit, 5 minutes before and 10 after."""

    class Meta:
        model = models.TreatmentVariant
        django_get_or_create = ("code",)

    code = "dn_any"
    treatment = factory.SubFactory(TreatmentFactory)
    label = factory.LazyAttribute(lambda v: v.code.replace("_", " ").capitalize())
    visit = "any"
    duration_min = 30
    prep_min = 5
    cleanup_min = 10
    price_usd = Decimal("85.00")


class CoursePlanFactory(DjangoModelFactory):
    """Three to six sessions of dry needling, three to fourteen days apart."""

    class Meta:
        model = models.CoursePlan
        django_get_or_create = ("code",)

    code = "course_plan"
    treatment = factory.SubFactory(TreatmentFactory)
    name = factory.LazyAttribute(lambda p: f"Course of {p.treatment.name.lower()}")
    sessions_least = 3
    sessions_usual = 3
    sessions_most = 6
    least_days = 3
    most_days = 14


class BodyAreaFactory(DjangoModelFactory):
    """The nose: skin, without sides."""

    class Meta:
        model = models.BodyArea
        django_get_or_create = ("code",)

    code = "nose"
    label = factory.LazyAttribute(lambda a: a.code.replace("_", " ").capitalize())
    parent = ""
    family = "skin"


class AreaDepthFactory(DjangoModelFactory):
    """Micro-needling of the nose to 0.75 mm."""

    class Meta:
        model = models.AreaDepth
        django_get_or_create = ("area", "treatment")

    area = "nose"
    treatment = "microneedling"
    min_mm = Decimal("0.25")
    typical_mm = Decimal("0.5")
    max_mm = Decimal("0.75")


class ScopeOfPracticeFactory(DjangoModelFactory):
    """A physical therapist may dry needle in Utah, with a licence and a course."""

    class Meta:
        model = models.ScopeOfPractice
        django_get_or_create = ("rule_id",)

    rule_id = "DN-US-UT-PT"
    role = "physical_therapist"
    treatment = "dry_needling"
    jurisdiction = "US-UT"
    status = "allowed_with_conditions"
    credential_kind = "licence+course"
    supervision = "none"
    delegable = "yes"


class CredentialTokenFactory(DjangoModelFactory):
    """A licence is met by a state licence."""

    class Meta:
        model = models.CredentialToken
        django_get_or_create = ("t_id",)

    t_id = "CT-01"
    token = "licence"
    type = "credential"
    satisfied_by = "state_licence"
    held_by = "practitioner"


class PrivilegeFactory(DjangoModelFactory):
    """Leave to perform the variant everywhere, for ever, without a depth of its own."""

    class Meta:
        model = models.Privilege

    practitioner = factory.SubFactory(PractitionerFactory)
    variant = factory.SubFactory(TreatmentVariantFactory)
    granted_at = GRANTED


class CatalogueFieldFactory(DjangoModelFactory):
    """What it is: required, in the text of the page."""

    class Meta:
        model = models.CatalogueField
        django_get_or_create = ("code",)

    code = "what_it_is"
    label = factory.LazyAttribute(lambda f: f.code.replace("_", " ").capitalize())
    is_required = True


class EditionFactory(DjangoModelFactory):
    """A draft of dry needling that nobody has signed."""

    class Meta:
        model = models.Edition
        django_get_or_create = ("treatment", "state", "number")

    treatment = factory.SubFactory(TreatmentFactory)
    state = "draft"
    number = None
    name = factory.SelfAttribute("treatment.name")
    family = factory.SelfAttribute("treatment.family")
    summary = "Thin needles go into tight, tender spots of a muscle."
    created_at = GRANTED


class EditionTextFactory(DjangoModelFactory):
    """What a draft says of what it is."""

    class Meta:
        model = models.EditionText

    edition = factory.SubFactory(EditionFactory)
    field = factory.SubFactory(CatalogueFieldFactory)
    text = "Thin solid needles."


class EditionVariantFactory(DjangoModelFactory):
    """Half an hour, as the variant of the same code."""

    class Meta:
        model = models.EditionVariant

    edition = factory.SubFactory(EditionFactory)
    code = "dn_any"
    label = factory.LazyAttribute(lambda v: v.code.replace("_", " ").capitalize())
    duration_min = 30
    prep_min = 5
    cleanup_min = 10
    price_usd = Decimal("85.00")


class SupervisionAgreementFactory(DjangoModelFactory):
    """All of micro-needling under one supervisor, everywhere and for ever.

    `supervisors=[...]` names others.
    """

    class Meta:
        model = models.SupervisionAgreement
        skip_postgeneration_save = True

    practitioner = factory.SubFactory(PractitionerFactory)
    treatment = factory.SubFactory(TreatmentFactory, code="microneedling")
    made_at = GRANTED

    @factory.post_generation
    def supervisors(self, create, named, **kwargs):
        if create:
            self.supervisors.set([PractitionerFactory()] if named is None else named)


class OrderFactory(DjangoModelFactory):
    """An order from outside for one patient: micro-needling, everywhere, from 2026."""

    class Meta:
        model = models.Order

    patient = factory.SubFactory(PatientFactory)
    treatment = factory.SubFactory(TreatmentFactory, code="microneedling")
    prescriber_outside = factory.LazyAttribute(
        lambda o: "" if o.prescriber else "Dr. Elsewhere, licence 7"
    )
    prescriber = None
    valid_from = date(2026, 1, 1)
    recorded_at = GRANTED
