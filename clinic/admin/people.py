"""Users, patients (who are kept at the desk) and practitioners."""

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from clinic import access
from clinic.admin.base import Audited, ReadOnly
from clinic.admin.running_out import days_left
from clinic.admin.user_forms import ChangedUserForm, NewUserForm, PasswordForm
from clinic.days import earliest_day
from clinic.models import (
    Patient,
    Practitioner,
    PractitionerRole,
    User,
)

FOUND = 302  # the answer where a form was saved


@admin.register(User)
class UserAdmin(Audited, auth_admin.UserAdmin):
    decides_bookings = False
    add_form = NewUserForm
    form = ChangedUserForm
    change_password_form = PasswordForm
    list_display = ("email", "first_name", "last_name", "is_staff", "is_active")
    list_filter = ("groups", "is_staff", "is_active")
    ordering = ("email",)
    search_fields = ("email", "first_name", "last_name")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password", "first_name", "last_name")}),
        ("Rights", {"fields": ("is_active", "is_staff", "groups", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "usable_password", "password1", "password2")}),
    )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """The groups are few: a box for each."""
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def user_change_password(self, request, id, form_url=""):
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == FOUND:
            self.record(request, "set the password of", self.get_object(request, id))
        return answer

    def get_readonly_fields(self, request, obj=None):
        """Nobody makes themselves, or anybody else, more than they are."""
        if request.user.is_superuser:
            return self.readonly_fields
        return (*self.readonly_fields, "is_superuser")

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        beyond = obj is not None and obj.is_superuser and not request.user.is_superuser
        return allowed and not beyond


@admin.register(Patient)
class PatientAdmin(ReadOnly):
    """To look a patient up by name, e-mail or digits; details change at the desk."""

    list_display = ("family_name", "given_name", "birth_date", "phone", "writes_to")
    list_select_related = ("user",)
    ordering = ("family_name", "given_name", "pk")
    search_fields = (
        *("family_name", "given_name", "email", "user__email"),
        "phone_digits",
    )

    @admin.display(description="E-mail address")
    def writes_to(self, patient):
        return patient.contact_email


class RoleInline(admin.StackedInline):
    model = PractitionerRole
    extra = 0
    verbose_name_plural = "roles, each at a place"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("role", "location")


@admin.register(Practitioner)
class PractitionerAdmin(Audited):
    raw_id_fields = ("user",)
    inlines = (RoleInline,)
    list_display = ("name", "slug", "works_as", "is_active")
    list_filter = ("is_active", "roles__role", "roles__location")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name", "slug", "npi", "user__email")

    def get_queryset(self, request):
        practitioners = super().get_queryset(request)
        return practitioners.prefetch_related("roles__role", "roles__location")

    @admin.display(description="works as")
    def works_as(self, obj):
        return ", ".join(f"{r.role} ({r.location})" for r in obj.roles.all()) or "-"

    def concerned(self, obj):
        return [obj.pk] if obj.pk else []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.user is not None:
            group, _ = Group.objects.get_or_create(name=access.PRACTITIONER)
            obj.user.groups.add(group)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        changed = [
            (role, "changed") for role, _ in getattr(formset, "changed_objects", [])
        ]
        added = [(role, "added") for role in getattr(formset, "new_objects", [])]
        for role, verb in [*added, *changed]:
            self.record(request, verb, role)
        for role in getattr(formset, "deleted_objects", []):
            self.record(request, "removed a role of", form.instance, [str(role)])

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request, obj=None):
        """Addresses and scripts name a practitioner by their slug: it is given once."""
        return ("slug", "papers", "privileges", "hours") if obj else ()

    @admin.display(description="qualifications")
    def papers(self, obj):
        """The papers at a glance; each is added and changed on its own page."""
        today = earliest_day(timezone.now())
        held = obj.qualifications.select_related("kind", "role", "verified_by")
        lines = [
            (
                reverse("admin:clinic_qualification_change", args=[paper.pk]),
                *told(paper, today),
            )
            for paper in held.order_by(F("valid_until").asc(nulls_last=True), "pk")
        ]
        return (
            format_html_join("", '<p><a href="{}">{}</a>: {}</p>', lines)
            or "None on file. Add them under Qualifications."
        )

    @admin.display(description="privileges")
    def privileges(self, obj):
        """What the clinic lets them perform; each is changed on its own page."""
        granted = obj.privileges.select_related("variant", "location")
        lines = [
            (
                reverse("admin:treatments_privilege_change", args=[row.pk]),
                row.variant.label,
                granted_to(row),
            )
            for row in granted.order_by("variant__label", "pk")
        ]
        return (
            format_html_join("", '<p><a href="{}">{}</a>: {}</p>', lines)
            or "None. Grant them under Privileges."
        )

    @admin.display(description="hours and leave")
    def hours(self, obj):
        """Kept at the desk, where the bookings that a change meets are seen."""
        lines = [
            (reverse("bookings:hours", args=[role.pk]), role.role, role.location)
            for role in obj.roles.select_related("role", "location")
        ]
        hours = format_html_join("", '<p><a href="{}">Hours</a>: {}, {}</p>', lines)
        leave = reverse("bookings:leave", args=[obj.slug])
        return format_html('{}<p><a href="{}">Leave</a></p>', hours, leave)


def granted_to(privilege):
    """Where, how deep and when a privilege counts, in a line."""
    place = str(privilege.location) if privilege.location else "every place"
    depth = f"to {privilege.max_depth_mm} mm" if privilege.max_depth_mm else ""
    begins, ends = privilege.valid_from, privilege.valid_until
    period = f"{begins or 'always'} to {ends or 'no end'}" if begins or ends else ""
    return ", ".join(part for part in (place, depth, period) if part)


def told(paper, today):
    """A paper's name, and the rest of it in a line."""
    period = f"{paper.valid_from or 'always'} to {paper.valid_until or 'no end'}"
    verified = (
        f"verified by {paper.verified_by}" if paper.verified_by else "NOT VERIFIED"
    )
    role = paper.role.label if paper.role else ""
    left = days_left(paper, today) if paper.valid_until else ""
    parts = [role, paper.jurisdiction, period, verified, left]
    return str(paper.kind), ", ".join(part for part in parts if part)
