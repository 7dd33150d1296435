"""What is offered, and who may perform it."""

from treatments.models.areas import AreaDepth, BodyArea
from treatments.models.catalogue import Treatment, TreatmentVariant, VisitKind
from treatments.models.privileges import Privilege
from treatments.models.scope import CredentialToken, ScopeOfPractice

__all__ = [
    "AreaDepth",
    "BodyArea",
    "CredentialToken",
    "Privilege",
    "ScopeOfPractice",
    "Treatment",
    "TreatmentVariant",
    "VisitKind",
]
