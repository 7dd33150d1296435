"""Patients and practitioners."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q

from clinic.names import folded


class PatientQuerySet(models.QuerySet["Patient"]):
    def matching(self, words: str) -> Self:
        """Those whose name, phone or e-mail holds every one of `words`."""
        found = self
        for word in folded(words).split():
            digits = "".join(ch for ch in word if ch.isdigit())
            asked = (
                Q(folded_name__contains=word)
                | Q(email__icontains=word)
                | Q(user__email__icontains=word)
            )
            if len(digits) >= 3:
                asked |= Q(phone_digits__contains=digits)
            found = found.filter(asked)
        return found


class Patient(models.Model):
    """Somebody who is treated here. FHIR: Patient.

    `user` is empty for people whom the front desk registered and who do not sign in.
    `email` is where we write instead of the address that somebody signs in with.
    `folded_name` and `phone_digits` are what the desk searches by.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="patient"
    )
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    folded_name = models.CharField(max_length=400, blank=True, editable=False)
    birth_date = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    phone_digits = models.CharField(max_length=40, blank=True, editable=False)
    email = models.EmailField("e-mail address", blank=True)
    created_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PatientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["family_name", "given_name"]),
            models.Index(fields=["birth_date"]),
            models.Index(fields=["email"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def contact_email(self) -> str:
        """Where we write; empty if nowhere."""
        return self.email or (self.user.email if self.user else "")


class Practitioner(models.Model):
    """Somebody who treats patients here, in one or more roles. FHIR: Practitioner."""

    slug = models.SlugField(max_length=60, unique=True)
    user = models.OneToOneField(
        "clinic.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="practitioner",
    )
    name = models.CharField(max_length=120)
    npi = models.CharField("NPI number", max_length=10, blank=True)
    about = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class PractitionerRole(models.Model):
    """A profession that a practitioner holds at a place. FHIR: PractitionerRole.

    Both days of the period are included and are days of the place.
    """

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="roles")
    role = models.ForeignKey("clinic.Role", models.PROTECT, related_name="+")
    location = models.ForeignKey(
        "clinic.Location", models.PROTECT, related_name="roles"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "role", "location"],
                name="%(app_label)s_%(class)s_once_per_role_and_place",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_begins",
                condition=Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}, {self.role} at {self.location}"
