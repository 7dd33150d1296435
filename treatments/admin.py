"""The catalogue, the rules as data, and privileges, in the back office."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from clinic.admin.base import Audited, SourcedAdmin
from clinic.models import Role
from treatments import actions
from treatments.models import (
    AreaDepth,
    BodyArea,
    CredentialToken,
    Privilege,
    ScopeOfPractice,
    Treatment,
    TreatmentVariant,
)

REVIEW = ("review_state", "confidence")


class VariantInline(admin.TabularInline):
    model = TreatmentVariant
    fields = ("code", "label", "visit", "duration_min", "price_usd", "is_offered")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Treatment)
class TreatmentAdmin(SourcedAdmin):
    inlines = (VariantInline,)
    list_display = ("name", "code", "family", "limited_by_depth", *REVIEW)
    list_filter = ("family", *REVIEW)
    ordering = ("position",)
    search_fields = ("code", "name")


@admin.register(TreatmentVariant)
class TreatmentVariantAdmin(SourcedAdmin):
    list_display = (
        *("label", "code", "visit", "duration_min", "max_depth_mm", "price_usd"),
        *("is_offered", "review_state"),
    )
    list_filter = ("is_offered", "treatment", "visit", *REVIEW)
    list_select_related = ("treatment",)
    ordering = ("treatment__position", "code")
    search_fields = ("code", "label")


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


class ScopeForm(forms.ModelForm):
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

    def known(self, model, field, name):
        code = self.cleaned_data[name]
        if not model.objects.filter(**{field: code}).exists():
            codes = model.objects.order_by(field).values_list(field, flat=True)
            raise forms.ValidationError(f"Use one of: {', '.join(codes)}.")
        return code


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
    list_display = ("t_id", "token", "type", "roles", "jurisdictions", "satisfied_by")
    list_filter = ("type", "token", *REVIEW)
    ordering = ("t_id",)
    search_fields = ("t_id", "token", "satisfied_by")


class PrivilegeForm(forms.ModelForm):
    """The actions' own refusals, shown beside the form."""

    class Meta:
        model = Privilege
        fields = (
            *("practitioner", "variant", "location", "max_depth_mm"),
            *("valid_from", "valid_until"),
        )

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            actions.check_privilege(self.instance)
        except actions.PrivilegeImpossible as refused:
            self.add_error(None, str(refused))


@admin.register(Privilege)
class PrivilegeAdmin(Audited):
    date_hierarchy = "valid_until"
    form = PrivilegeForm
    list_display = (
        *("practitioner", "variant", "location", "max_depth_mm"),
        *("valid_from", "valid_until", "granted_by"),
    )
    list_filter = ("location", "variant__treatment", "practitioner")
    list_select_related = ("practitioner", "variant", "location", "granted_by")
    ordering = ("practitioner__name", "variant__code")
    search_fields = ("practitioner__name", "variant__code", "variant__label")

    def concerned(self, obj):
        return [obj.practitioner_id]

    def get_readonly_fields(self, request, obj=None):
        """Whose it is and for what does not change: another one is granted."""
        return ("practitioner", "variant") if obj else ()

    def save_model(self, request, obj, form, change):
        limits = {
            name: form.cleaned_data[name]
            for name in ("location", "max_depth_mm", "valid_from", "valid_until")
        }
        who = {"by": request.user, "now": timezone.now()}
        if change:
            saved = actions.change_privilege(privilege=obj, **limits, **who)
        else:
            saved = actions.grant_privilege(
                practitioner=obj.practitioner, variant=obj.variant, **limits, **who
            )
        obj.__dict__.update(saved.__dict__)  # the page goes on with the row as saved
