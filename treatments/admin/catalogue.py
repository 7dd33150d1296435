"""The catalogue in the back office: treatments, what is told of them, concerns."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from clinic.actions import Refused
from clinic.admin.base import ORIGIN, ReadOnly, SourcedAdmin
from clinic.admin.codes import spaced
from clinic.models import ReviewState
from treatments import actions
from treatments.actions.exchange import RESERVED
from treatments.admin.exchange import Exchange, only_writers
from treatments.admin.history import TreatmentAudit
from treatments.admin.rules import REVIEW
from treatments.models import (
    CatalogueField,
    Concern,
    Edition,
    Treatment,
    TreatmentVariant,
)

WRITTEN = ("name", "family", "summary")
ONCE = ("code", "limited_by_depth", "needs_hours", "uses_needles")


@admin.register(Treatment)
class TreatmentAdmin(Exchange, TreatmentAudit, SourcedAdmin):
    """What is published is looked at; all but the place in the list is in editions."""

    actions = ("withdraw", "put_back")
    change_form_template = "admin/treatments/treatment/change_form.html"
    change_list_template = "admin/treatments/treatment/change_list.html"
    list_display = ("name", "family", "published", "draft", "reviewed", "review_state")
    list_filter = ("family", *REVIEW)
    ordering = ("position",)
    search_fields = ("code", "name")

    class Media:
        css = {"all": ["css/catalogue_admin.css"]}

    def get_queryset(self, request):
        drafts = Edition.objects.exclude(state=Edition.State.PUBLISHED)
        open_drafts = Prefetch(
            "editions", drafts.select_related("author"), to_attr="open_drafts"
        )
        found = super().get_queryset(request).select_related("edition__reviewer")
        return found.prefetch_related(open_drafts)

    def get_fields(self, request, obj=None):
        return (*WRITTEN, *ONCE, "position", *(("review_state",) if obj else ()))

    def get_readonly_fields(self, request, obj=None):
        return (*WRITTEN, *ONCE, "review_state") if obj else ()

    @admin.display(description="Published")
    def published(self, treatment):
        edition = treatment.edition
        if edition is None:
            return "not yet"
        page = reverse("admin:treatments_edition_change", args=[edition.pk])
        return format_html('<a href="{}">Version {}</a>', page, edition.number)

    @admin.display(description="Open draft")
    def draft(self, treatment):
        for draft in treatment.open_drafts:
            page = reverse("admin:treatments_edition_change", args=[draft.pk])
            words = f"{draft.get_state_display()}, by {draft.author or 'nobody'}"
            return format_html('<a href="{}">{}</a>', page, words)
        return "none"

    @admin.display(description="Reviewed")
    def reviewed(self, treatment):
        edition = treatment.edition
        if edition is None or edition.reviewed_on is None:
            return "not yet"
        by = f" by {edition.reviewer}" if edition.reviewer else ", as it was shipped"
        return f"{edition.reviewed_on:%Y-%m-%d}{by}"

    @admin.action(
        description="Withdraw: show and offer no longer", permissions=["change"]
    )
    def withdraw(self, request, queryset):
        self.set_state(request, queryset, ReviewState.WITHDRAWN)

    @admin.action(description="Put back what was withdrawn", permissions=["change"])
    def put_back(self, request, queryset):
        """Back to what the last review made of it; that review is not repeated."""
        for state, reviewed in (
            (ReviewState.SAMPLE, False),
            (ReviewState.APPROVED, True),
        ):
            found = queryset.filter(
                review_state=ReviewState.WITHDRAWN,
                edition__reviewer__isnull=not reviewed,
            )
            if found:
                self.set_state(request, found, state)

    def get_urls(self):
        begin = self.admin_site.admin_view(require_POST(self.begin))
        return [
            path("<int:pk>/draft/", begin, name="treatments_treatment_draft"),
            *super().get_urls(),
        ]

    def begin(self, request, pk):
        """Open the draft of a treatment; begin one where there is none."""
        only_writers(request)
        treatment = get_object_or_404(Treatment, pk=pk)
        draft = treatment.editions.exclude(state=Edition.State.PUBLISHED).first()
        try:
            draft = draft or actions.start_draft(
                treatment=treatment, by=request.user, now=timezone.now()
            )
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("admin:treatments_treatment_change", pk)
        return redirect("admin:treatments_edition_change", draft.pk)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        treatment = self.get_object(request, object_id) if object_id else None
        context = {
            **(extra_context or {}),
            "treatment": treatment,
            "variants": treatment.variants.order_by("pk") if treatment else (),
            "may_write": request.user.has_perm("treatments.change_edition"),
            "show_save_and_add_another": False,
        }
        return super().changeform_view(request, object_id, form_url, context)


@admin.register(TreatmentVariant)
class TreatmentVariantAdmin(ReadOnly):
    """The terms that count now; they change when a draft is published."""

    list_display = (
        *("label", "code", "visit", "duration_min", "max_depth_mm", "price_usd"),
        *("is_offered", "review_state"),
    )
    list_filter = ("is_offered", "treatment", "visit", *REVIEW)
    list_select_related = ("treatment",)
    ordering = ("treatment__position", "code")
    search_fields = ("code", "label")


class CatalogueFieldForm(forms.ModelForm):
    """A field is a column of the treatments' file, beside columns of its own."""

    def clean_code(self):
        code = self.cleaned_data["code"]
        if code in RESERVED:
            raise forms.ValidationError(f"“{code}” is taken. Choose another code.")
        return code


@admin.register(CatalogueField)
class CatalogueFieldAdmin(SourcedAdmin):
    decides_bookings = False
    form = CatalogueFieldForm
    list_display = (
        *("label", "code", "shown", "is_required", "is_compared", "position"),
        "review_state",
    )
    list_filter = ("shown", "is_required", "is_compared", *REVIEW)
    ordering = ("position", "code")
    search_fields = ("code", "label")


WORDS = ("description", "treatments", "wording")


class ConcernForm(forms.ModelForm):
    """Names treatments that there are, each with how strong its evidence is."""

    class Meta:
        model = Concern
        fields = ("code", "label", "family", *WORDS, "position", *ORIGIN[:3])
        widgets = {name: AdminTextareaWidget(attrs={"rows": 3}) for name in WORDS}
        help_texts = {
            "treatments": "What may help and how sure that is, such as "
            "microneedling:promising, joined with commas.",
            "wording": "What may be said of the evidence; it stands beside it always.",
            "position": "Its place in lists, the smallest first.",
        }

    def clean_treatments(self):
        """Pairs of a treatment's code and a strength, each treatment once."""
        known = set(Treatment.objects.values_list("code", flat=True))
        found = {}
        for pair in self.cleaned_data["treatments"].split(","):
            if not pair.strip():
                continue
            code, _, strength = (word.strip() for word in pair.partition(":"))
            if code not in known or strength not in Concern.Strength.values:
                raise forms.ValidationError(
                    f"“{pair.strip()}” is not understood. Write code:strength, such as "
                    f"microneedling:promising; codes are {', '.join(sorted(known))}, "
                    f"strengths {', '.join(Concern.Strength.values)}."
                )
            if code in found:
                raise forms.ValidationError(
                    f"“{code}” is named twice. Name each treatment once."
                )
            found[code] = strength
        if not found:
            raise forms.ValidationError(
                "Name a treatment, such as microneedling:promising."
            )
        return ",".join(":".join(each) for each in found.items())


@admin.register(Concern)
class ConcernAdmin(SourcedAdmin):
    decides_bookings = False
    form = ConcernForm
    list_display = (
        *("label", "code", "family", spaced("treatments"), "position"),
        *REVIEW,
    )
    list_filter = ("family", *REVIEW)
    ordering = ("position", "code")
    search_fields = ("code", "label")
