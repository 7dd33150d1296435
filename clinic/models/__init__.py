"""The clinic itself: who works here, who comes here, and where."""

from clinic.models.audit import AuditEvent
from clinic.models.credentials import (
    CredentialKind,
    PremisesLicence,
    Qualification,
    Role,
)
from clinic.models.people import Patient, Practitioner, PractitionerRole
from clinic.models.places import Location
from clinic.models.sourced import ReviewState, Source, Sourced
from clinic.models.user import User

__all__ = [
    "AuditEvent",
    "CredentialKind",
    "Location",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "PremisesLicence",
    "Qualification",
    "ReviewState",
    "Role",
    "Source",
    "Sourced",
    "User",
]
