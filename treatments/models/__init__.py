"""What is offered, and who may perform it."""

from treatments.models.aftercare import (
    ALL_TREATMENTS,
    AftercareStep,
    Effect,
    RedFlag,
)
from treatments.models.areas import AreaDepth, BodyArea
from treatments.models.catalogue import (
    Family,
    Treatment,
    TreatmentTerms,
    TreatmentVariant,
    VariantTerms,
    VisitKind,
)
from treatments.models.concerns import Concern
from treatments.models.courses import CoursePlan
from treatments.models.editions import (
    CatalogueField,
    Edition,
    EditionText,
    EditionVariant,
)
from treatments.models.orders import Order, OrderKind
from treatments.models.privileges import Privilege, PrivilegeCondition
from treatments.models.scope import CredentialToken, ScopeOfPractice, ScopeStatus
from treatments.models.supervision import SupervisionAgreement

__all__ = [
    "ALL_TREATMENTS",
    "AftercareStep",
    "AreaDepth",
    "BodyArea",
    "CatalogueField",
    "Concern",
    "CoursePlan",
    "CredentialToken",
    "Edition",
    "EditionText",
    "EditionVariant",
    "Effect",
    "Family",
    "Order",
    "OrderKind",
    "Privilege",
    "PrivilegeCondition",
    "RedFlag",
    "ScopeOfPractice",
    "ScopeStatus",
    "SupervisionAgreement",
    "Treatment",
    "TreatmentTerms",
    "TreatmentVariant",
    "VariantTerms",
    "VisitKind",
]
