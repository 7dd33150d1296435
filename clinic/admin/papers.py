"""Qualifications and premises licences, and the kinds of them."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from clinic import actions
from clinic.admin.base import Audited, SourcedAdmin
from clinic.admin.codes import spaced
from clinic.admin.places import working_at
from clinic.admin.running_out import EndsFilter, days_left
from clinic.days import earliest_day
from clinic.models import CredentialKind, PremisesLicence, Qualification, Role

SAID = (
    *("kind", "role", "number", "jurisdiction", "issuer", "valid_from", "valid_until"),
    *("foundation_hours", "specific_hours", "in_person_hours"),
    *("supervised_sessions", "exclusions"),
)


class VerifiedFilter(admin.SimpleListFilter):
    title = "verified"
    parameter_name = "verified"

    def lookups(self, request, model_admin):
        return [("yes", "Yes"), ("no", "Not yet")]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(verified_by__isnull=self.value() == "no")


class PlaceOfPaperFilter(admin.SimpleListFilter):
    """Papers that name a jurisdiction, by it; a course names none."""

    title = "jurisdiction"
    parameter_name = "jurisdiction"

    def lookups(self, request, model_admin):
        named = model_admin.model.objects.exclude(jurisdiction="").order_by()
        found = named.values_list("jurisdiction", flat=True).distinct()
        return [(code, code) for code in sorted(found)]

    def queryset(self, request, queryset):
        return queryset.filter(jurisdiction=self.value()) if self.value() else queryset


class QualificationForm(forms.ModelForm):
    """The actions' own refusals, shown beside the form."""

    looked_at = forms.BooleanField(
        label="I have looked at this paper, or asked whoever issued it",
        required=False,
        help_text="A paper counts once somebody has verified it. After a change of "
        "what it says, somebody verifies it again.",
    )

    class Meta:
        model = Qualification
        fields = ("practitioner", *SAID)

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            actions.check_paper(self.instance)
        except actions.Refused as refused:
            self.add_error(None, str(refused))


@admin.register(Qualification)
class QualificationAdmin(Audited):
    actions = ("verify",)
    date_hierarchy = "valid_until"
    form = QualificationForm
    list_display = (
        *("practitioner", "kind", "role", "jurisdiction", "valid_until"),
        "verified_by",
    )
    list_filter = (
        *(EndsFilter, PlaceOfPaperFilter, "practitioner"),
        ("kind", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("practitioner", "kind", "role", "verified_by")
    # What runs out first comes first; what has no end comes last.
    ordering = (F("valid_until").asc(nulls_last=True), "practitioner__name", "pk")
    search_fields = ("practitioner__name", "practitioner__slug", "number")
    readonly_fields = ("verified_by", "verified_on")
    fieldsets = (
        (None, {"fields": ("practitioner", "kind", "role", "number")}),
        (
            "Where and when",
            {"fields": ("jurisdiction", "issuer", "valid_from", "valid_until")},
        ),
        (
            "What it counts",
            {
                "fields": (
                    *("foundation_hours", "specific_hours", "in_person_hours"),
                    *("supervised_sessions", "exclusions"),
                )
            },
        ),
        ("Verified", {"fields": ("looked_at", "verified_by", "verified_on")}),
    )

    def concerned(self, obj):
        return [obj.practitioner_id]

    def get_list_display(self, request):
        """Which day it is is looked up once a page."""
        today = earliest_day(timezone.now())

        @admin.display(description="days left", ordering="valid_until")
        def left(paper):
            return days_left(paper, today)

        *columns, verified = self.list_display
        return (*columns, left, verified)

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, *(("practitioner",) if obj else ()))

    def save_model(self, request, obj, form, change):
        who = {"by": request.user, "now": timezone.now()}
        said = {name: form.cleaned_data[name] for name in SAID}
        said["role"] = obj.role  # check_paper may have filled it in
        if change:
            paper = actions.change_qualification(qualification=obj, **said, **who)
        else:
            paper = actions.add_qualification(
                practitioner=obj.practitioner, **said, **who
            )
        if form.cleaned_data["looked_at"]:
            paper = self.verified(request, paper)
        obj.__dict__.update(paper.__dict__)  # the page goes on with the row as saved

    def verified(self, request, paper):
        """The paper, verified by whoever asks, or as it was and a message why not."""
        try:
            return actions.verify_qualification(
                qualification=paper, by=request.user, now=timezone.now()
            )
        except actions.Refused as refused:
            messages.error(request, f"{paper}: {refused}")
            return paper

    @admin.action(description="I have looked at these papers", permissions=["change"])
    def verify(self, request, queryset):
        papers = list(queryset.select_related("practitioner", "kind"))
        self.lock_all(papers)
        for paper in papers:
            self.verified(request, paper)


@admin.register(PremisesLicence)
class PremisesLicenceAdmin(Audited):
    actions = ("verify",)
    readonly_fields = ("verified_by", "verified_on")
    list_display = ("location", "kind", "jurisdiction", "valid_until", "verified_by")
    list_filter = (VerifiedFilter, "location", "kind")
    list_select_related = ("location", "kind", "verified_by")
    ordering = ("location__name", "kind__label")
    search_fields = ("location__name", "number")

    def concerned(self, obj):
        return working_at(obj.location_id)

    @admin.action(description="I have looked at these papers", permissions=["change"])
    @transaction.atomic
    def verify(self, request, queryset):
        papers = list(queryset.select_related("location"))
        self.lock_all(papers)
        for paper in papers:
            now = timezone.now()
            paper.verified_by = request.user
            paper.verified_on = now.astimezone(paper.location.tz).date()
            paper.save(update_fields=["verified_by", "verified_on"])
            self.record(request, "verified", paper)


@admin.register(CredentialKind)
class CredentialKindAdmin(SourcedAdmin):
    list_display = (
        *("label", "code", "kind", spaced("treatments")),
        *("review_state", "confidence"),
    )
    list_filter = ("kind", "review_state", "confidence")
    ordering = ("label",)
    search_fields = ("code", "label")


@admin.register(Role)
class RoleAdmin(SourcedAdmin):
    list_display = ("label", "code", "groups", "review_state", "confidence")
    list_filter = ("review_state", "confidence")
    ordering = ("label",)
    search_fields = ("code", "label")
