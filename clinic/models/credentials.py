"""Professions, and the papers that show somebody may practise one."""

from django.db import models
from django.db.models import F, Q

from clinic.models.sourced import Sourced


class Role(Sourced):
    """A profession, such as physical therapist. Source: roles.csv.

    `groups` are words joined with commas that name who may clear or override.
    """

    code = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=120)
    nucc_taxonomy = models.CharField(max_length=20, blank=True)
    regulated_by = models.TextField(blank=True)
    groups = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)

    class Meta:
        verbose_name = "profession"

    def __str__(self) -> str:
        return self.label


class CredentialKind(Sourced):
    """A kind of credential: a licence, a course, a card. Source: credentials.csv.

    `treatments` and `roles` are codes joined with commas, or `*` for every one.
    """

    code = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=160)
    kind = models.CharField(max_length=40)
    treatments = models.TextField(default="*")
    roles = models.TextField(default="*")
    issuer = models.CharField(max_length=200, blank=True)
    hours_or_level = models.CharField(max_length=200, blank=True)
    expires = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "kind of papers"
        verbose_name_plural = "kinds of papers"

    def __str__(self) -> str:
        return self.label


class Credential(models.Model):
    """A paper on file: what it is, for when, and who looked at it.

    Both days of the period are included and are days of the place where it is used;
    an empty day is open. It counts only once a named person has verified it.
    """

    kind = models.ForeignKey(CredentialKind, models.PROTECT, related_name="+")
    number = models.CharField(max_length=60, blank=True)
    jurisdiction = models.CharField(max_length=10, blank=True)
    issuer = models.CharField(max_length=160, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_begins",
                condition=Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_verified_by_and_on_go_together",
                condition=Q(verified_by__isnull=True, verified_on__isnull=True)
                | Q(verified_by__isnull=False, verified_on__isnull=False),
            ),
        ]


class Qualification(Credential):
    """A practitioner's licence, certificate or course. FHIR: Practitioner.qualification.

    A licence names the one role it was issued for. Hours are those counted on the
    certificate; the in-person ones are part of them. `exclusions` are region flags
    (such as thorax) that an insurance does not cover, joined with commas.
    """

    practitioner = models.ForeignKey(
        "clinic.Practitioner", models.PROTECT, related_name="qualifications"
    )
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+"
    )
    foundation_hours = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, blank=True
    )
    specific_hours = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, blank=True
    )
    in_person_hours = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, blank=True
    )
    supervised_sessions = models.PositiveIntegerField(null=True, blank=True)
    exclusions = models.CharField(max_length=200, blank=True)

    class Meta(Credential.Meta):
        abstract = False
        indexes = [models.Index(fields=["practitioner", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.practitioner}"

    @property
    def alike(self) -> tuple[int | str | None, ...]:
        """What the paper that renews this one says, too."""
        return (self.practitioner_id, self.kind_id, self.role_id, self.jurisdiction)


class PremisesLicence(Credential):
    """A licence that a place holds, where its law asks for one."""

    location = models.ForeignKey(
        "clinic.Location", models.PROTECT, related_name="licences"
    )

    class Meta(Credential.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.kind} of {self.location}"

    @property
    def alike(self) -> tuple[int | str | None, ...]:
        """What the licence that renews this one says, too."""
        return (self.location_id, self.kind_id, self.jurisdiction)
