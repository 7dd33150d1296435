"""The clinic itself: who works here, who comes here, and where."""

from clinic.models.audit import AuditEvent
from clinic.models.credentials import (
    CredentialKind,
    PremisesLicence,
    Qualification,
    Role,
)
from clinic.models.people import Patient, Practitioner, PractitionerRole
from clinic.models.place_days import PlaceDay
from clinic.models.places import Location
from clinic.models.resources import Device, OutOfService, Room
from clinic.models.sourced import Confidence, ReviewState, Source, Sourced
from clinic.models.travel import TravelTime
from clinic.models.user import User

__all__ = [
    "AuditEvent",
    "Confidence",
    "CredentialKind",
    "Device",
    "Location",
    "OutOfService",
    "Patient",
    "PlaceDay",
    "Practitioner",
    "PractitionerRole",
    "PremisesLicence",
    "Qualification",
    "ReviewState",
    "Role",
    "Room",
    "Source",
    "Sourced",
    "TravelTime",
    "User",
]
