"""The first page of the back office: what there is, in the words of those who use it."""

from typing import Any, NamedTuple

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from clinic import access
from clinic.running_out import running_out

SECTIONS = (
    (
        "Catalogue",
        "treatments.treatment treatments.edition treatments.treatmentvariant "
        "treatments.courseplan treatments.concern treatments.cataloguefield",
    ),
    (
        "People and papers",
        "clinic.practitioner clinic.qualification clinic.user auth.group "
        "account.emailaddress",
    ),
    (
        "Who may do what",
        "treatments.privilege treatments.supervisionagreement treatments.order "
        "treatments.scopeofpractice treatments.credentialtoken "
        "clinic.role clinic.credentialkind treatments.bodyarea treatments.areadepth",
    ),
    (
        "Places",
        "clinic.location clinic.placeday clinic.traveltime clinic.room clinic.device "
        "clinic.premiseslicence bookings.cancellationpolicy",
    ),
    (
        "Texts for patients",
        "treatments.aftercarestep treatments.redflag treatments.effect",
    ),
    (
        "Appointments (read only)",
        "bookings.appointment bookings.course bookings.override bookings.fee "
        "clinic.patient",
    ),
    ("Audit", "clinic.auditevent clinic.source"),
)
ELSE = "Other"
# Where the name of the rows alone says little to those who do not build software.
EXPLAINED = {
    "treatments.treatmentvariant": "lengths and prices",
    "treatments.courseplan": "sessions and days between",
    "treatments.privilege": "what the clinic lets people perform",
    "treatments.supervisionagreement": "who works under whom",
    "clinic.user": "people who sign in",
    "clinic.traveltime": "ways between places",
    "bookings.override": "what was let pass",
    "bookings.cancellationpolicy": "until when, and what it costs",
    "bookings.fee": "cancelled late, or did not come",
}


class Task(NamedTuple):
    """A way to something that is to be done, with how many there are of it."""

    label: str
    url: str
    count: int | None = None


def by_section(request: Any, app_label: str | None = None) -> list[dict[str, Any]]:
    """What Django groups by app, grouped by what it is about.

    Takes the place of `AdminSite.get_app_list`: rows that nobody put into a section
    come last, so that nothing is lost.
    """
    apps_there = admin.AdminSite.get_app_list(admin.site, request, app_label)
    if app_label is not None:
        return apps_there
    models = {
        f"{app['app_label']}.{model['object_name'].lower()}": model
        for app in apps_there
        for model in app["models"]
    }
    for label, words in EXPLAINED.items():
        if label in models:
            models[label]["name"] = f"{models[label]['name']} ({words})"
    found = []
    for name, labels in SECTIONS:
        rows = [models.pop(label) for label in labels.split() if label in models]
        found.append(_section(name, rows))
    found.append(_section(ELSE, list(models.values())))
    return [section for section in found if section["models"]]


def index(request: Any, extra_context: dict[str, Any] | None = None) -> Any:
    """The first page, with what waits for whoever looks at it."""
    more = {"tasks": tasks(request), **(extra_context or {})}
    return admin.AdminSite.index(admin.site, request, more)


def _section(name: str, models: list[dict[str, Any]]) -> dict[str, Any]:
    code = name.partition(" (")[0].lower().replace(" ", "-")
    return {
        "name": name,
        "app_label": code,
        "app_url": f"{reverse('admin:index')}#{code}",
        "has_module_perms": True,
        "models": models,
    }


def tasks(request: Any) -> list[Task]:
    """What waits for whoever asks, as far as they may do it."""
    user, found = request.user, []
    if user.has_perm("treatments.publish_edition"):
        waiting = apps.get_model("treatments.Edition").objects.filter(state="in-review")
        url = reverse("admin:treatments_edition_changelist") + "?state__exact=in-review"
        found.append(Task("Drafts awaiting review", url, waiting.count()))
    if user.has_perm("clinic.view_qualification"):
        found.append(_unverified())
    if access.is_front_desk(user):
        found += [
            Task(
                "Papers running out",
                reverse("bookings:running_out"),
                len(running_out(timezone.now())),
            ),
            Task("Who may do what, side by side", reverse("bookings:who_may")),
            Task("Hours and leave", reverse("bookings:practitioners_hours")),
        ]
    if access.is_admin(user):
        found.append(Task("Overrides of this month", reverse("bookings:overrides")))
    return found


def _unverified() -> Task:
    rows = apps.get_model("clinic.Qualification").objects.filter(
        practitioner__is_active=True, verified_by=None
    )
    url = reverse("admin:clinic_qualification_changelist") + "?ends=unverified"
    return Task("Papers that nobody has verified", url, rows.count())
