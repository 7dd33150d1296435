"""One factory a model: valid, dull rows, every value of which can be overridden."""

from tests.factories.bookings import (
    AppointmentFactory,
    AvailableTimeFactory,
    ClaimFactory,
    NotAvailableTimeFactory,
    NoticeFactory,
)
from tests.factories.clinic import (
    CredentialKindFactory,
    FrontDeskUserFactory,
    LocationFactory,
    PatientFactory,
    PractitionerFactory,
    PractitionerRoleFactory,
    PremisesLicenceFactory,
    QualificationFactory,
    RoleFactory,
    SourceFactory,
    UserFactory,
)
from tests.factories.treatments import (
    AreaDepthFactory,
    BodyAreaFactory,
    CredentialTokenFactory,
    PrivilegeFactory,
    ScopeOfPracticeFactory,
    TreatmentFactory,
    TreatmentVariantFactory,
)

__all__ = [
    "AppointmentFactory",
    "AreaDepthFactory",
    "AvailableTimeFactory",
    "BodyAreaFactory",
    "ClaimFactory",
    "CredentialKindFactory",
    "CredentialTokenFactory",
    "FrontDeskUserFactory",
    "LocationFactory",
    "NotAvailableTimeFactory",
    "NoticeFactory",
    "PatientFactory",
    "PractitionerFactory",
    "PractitionerRoleFactory",
    "PremisesLicenceFactory",
    "PrivilegeFactory",
    "QualificationFactory",
    "RoleFactory",
    "ScopeOfPracticeFactory",
    "SourceFactory",
    "TreatmentFactory",
    "TreatmentVariantFactory",
    "UserFactory",
]
