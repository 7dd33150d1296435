"""The back office: people, papers and places, with locks and audit at every save."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from clinic.admin.audit import AuditEventAdmin, SourceAdmin
from clinic.admin.papers import (
    CredentialKindAdmin,
    PremisesLicenceAdmin,
    QualificationAdmin,
    RoleAdmin,
)
from clinic.admin.people import PatientAdmin, PractitionerAdmin, UserAdmin
from clinic.admin.places import LocationAdmin, PlaceDayAdmin, TravelTimeAdmin
from clinic.admin.resources import DeviceAdmin, RoomAdmin
from clinic.admin.sections import by_section, index

admin.site.site_header = admin.site.site_title = "Back office"
admin.site.index_title = "Back office"
# The first page says what there is; beside a list its columns need the room.
admin.site.enable_nav_sidebar = False
admin.site.get_app_list = by_section  # type: ignore[method-assign]  # in our words
admin.site.index = index  # type: ignore[method-assign]  # with what waits
# One sign-in for all, with its limits on attempts.
admin.site.login = secure_admin_login(admin.site.login)

__all__ = [
    "AuditEventAdmin",
    "CredentialKindAdmin",
    "DeviceAdmin",
    "LocationAdmin",
    "PatientAdmin",
    "PlaceDayAdmin",
    "PractitionerAdmin",
    "PremisesLicenceAdmin",
    "QualificationAdmin",
    "RoleAdmin",
    "RoomAdmin",
    "SourceAdmin",
    "TravelTimeAdmin",
    "UserAdmin",
]
