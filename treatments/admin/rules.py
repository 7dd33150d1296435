"""The rules as data in the back office: areas, depths, scope of practice, tokens."""

from django import forms
from django.contrib import admin

from clinic.admin.base import SourcedAdmin
from clinic.admin.codes import spaced
from clinic.models import Role
from treatments.models import (
    AreaDepth,
    BodyArea,
    CoursePlan,
    CredentialToken,
    ScopeOfPractice,
    Treatment,
)

REVIEW = ("review_state", "confidence")


@admin.register(BodyArea)
class BodyAreaAdmin(SourcedAdmin):
    list_display = ("label", "code", "parent", "family", "never_treat", "review_state")
    list_filter = ("family", "side_applies", "never_treat", *REVIEW)
    ordering = ("label",)
    search_fields = ("code", "label")


@admin.register(AreaDepth)
class AreaDepthAdmin(SourcedAdmin):
    key = ("area", "treatment")
    list_display = ("area", "treatment", "min_mm", "typical_mm", "max_mm", *REVIEW)
    list_filter = ("treatment", *REVIEW)
    ordering = ("area",)
    search_fields = ("area",)


@admin.register(CoursePlan)
class CoursePlanAdmin(SourcedAdmin):
    list_display = (*("name", "treatment", "sessions", "days_between", *REVIEW),)
    list_filter = ("treatment", *REVIEW)
    list_select_related = ("treatment",)
    ordering = ("treatment__position", "code")
    search_fields = ("code", "name", "treatment__name")

    @admin.display(description="sessions", ordering="sessions_usual")
    def sessions(self, plan):
        least, most = plan.sessions_least, plan.sessions_most
        return f"{least} to {most}, {plan.sessions_usual} mostly"

    @admin.display(description="days between", ordering="least_days")
    def days_between(self, plan):
        return f"{plan.least_days} to {plan.most_days}"


class KnownCodes(forms.ModelForm):
    """Names only codes that there are."""

    def known(self, model, field, name, *also):
        """The code in the field `name`, which is one of the model's or of `also`."""
        code = self.cleaned_data[name]
        codes = [*also, *model.objects.order_by(field).values_list(field, flat=True)]
        if code not in codes:
            raise forms.ValidationError(f"Use one of: {', '.join(codes)}.")
        return code


class ScopeForm(KnownCodes):
    """Names only roles, treatments and tokens that there are."""

    def clean_role(self):
        return self.known(Role, "code", "role")

    def clean_treatment(self):
        return self.known(Treatment, "code", "treatment")

    def clean_credential_kind(self):
        tokens = [t for t in self.cleaned_data["credential_kind"].split("+") if t]
        mapped = set(CredentialToken.objects.values_list("token", flat=True))
        unmapped = [token for token in tokens if token not in mapped]
        if unmapped:
            raise forms.ValidationError(
                f"No credential token maps {', '.join(unmapped)}, so nobody could meet "
                f"it. There are: {', '.join(sorted(mapped))}."
            )
        return "+".join(tokens)


@admin.register(ScopeOfPractice)
class ScopeOfPracticeAdmin(SourcedAdmin):
    form = ScopeForm
    key = ("rule_id",)
    list_display = (
        *("rule_id", "role", "treatment", "jurisdiction", "status", "max_depth_mm"),
        *REVIEW,
    )
    list_filter = ("status", "treatment", "role", "jurisdiction", *REVIEW)
    ordering = ("rule_id",)
    search_fields = ("rule_id", "role", "treatment", "jurisdiction", "credential_kind")


@admin.register(CredentialToken)
class CredentialTokenAdmin(SourcedAdmin):
    key = ("t_id",)
    list_display = (
        *("t_id", "token", "type", spaced("roles"), spaced("jurisdictions")),
        spaced("satisfied_by"),
    )
    list_filter = ("type", "token", *REVIEW)
    ordering = ("t_id",)
    search_fields = ("t_id", "token", "satisfied_by")
