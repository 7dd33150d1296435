"""Supervision agreements and orders in the back office."""

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone

from clinic.actions import Refused
from clinic.admin.base import Audited
from treatments import actions
from treatments.models import Order, SupervisionAgreement

LIMITS = ("location", "max_depth_mm", "valid_from", "valid_until")


class Checked(forms.ModelForm):
    """Says what an action would refuse, instead of naming the database's constraint."""

    def _post_clean(self):
        super()._post_clean()
        if set(self.errors) <= {NON_FIELD_ERRORS}:
            try:
                self.check_made()
            except Refused as refused:
                self.errors.pop(NON_FIELD_ERRORS, None)
                self.add_error(None, str(refused))

    def check_made(self):
        raise NotImplementedError


class AgreementForm(Checked):
    class Meta:
        model = SupervisionAgreement
        fields = ("practitioner", "supervisors", "variant", "treatment", *LIMITS)

    def check_made(self):
        actions.check_agreement(self.instance, self.cleaned_data["supervisors"])


class OrderForm(Checked):
    class Meta:
        model = Order
        fields = (
            *("kind", "patient", "practitioner", "treatment"),
            *("prescriber", "prescriber_outside", *LIMITS),
        )

    def check_made(self):
        actions.check_order(self.instance)


class ByActions(Audited):
    """Saved through actions, which lock and audit. What it is for stays as made."""

    made_once: tuple[str, ...] = ()

    def get_readonly_fields(self, request, obj=None):
        return self.made_once if obj else ()

    def save_model(self, request, obj, form, change):
        given = dict(form.cleaned_data)
        given.update(by=request.user, now=timezone.now())
        saved = self.write(obj, given, change)
        obj.__dict__.update(saved.__dict__)  # the page goes on with the row as saved

    def write(self, obj, given, change):
        raise NotImplementedError


@admin.register(SupervisionAgreement)
class AgreementAdmin(ByActions):
    date_hierarchy = "valid_until"
    filter_horizontal = ("supervisors",)
    form = AgreementForm
    list_display = (
        *("practitioner", "variant", "treatment", "location", "max_depth_mm"),
        *("valid_from", "valid_until", "made_by"),
    )
    list_filter = ("location", "practitioner")
    list_select_related = (
        *("practitioner", "variant", "treatment", "location", "made_by"),
    )
    made_once = ("practitioner", "variant", "treatment")
    ordering = ("practitioner__name", "pk")
    search_fields = ("practitioner__name", "supervisors__name")
    fieldsets = (
        (None, {"fields": ("practitioner", "supervisors")}),
        ("For what: one of the two", {"fields": ("variant", "treatment")}),
        ("Limits", {"fields": LIMITS}),
    )

    def write(self, obj, given, change):
        if change:
            return actions.change_agreement(agreement=obj, **given)
        return actions.make_agreement(**given)


@admin.register(Order)
class OrderAdmin(ByActions):
    autocomplete_fields = ("patient",)
    date_hierarchy = "valid_until"
    form = OrderForm
    list_display = (
        *("kind", "patient", "practitioner", "treatment", "location"),
        *("prescriber", "prescriber_outside", "valid_from", "valid_until"),
    )
    list_filter = ("kind", "treatment", "location")
    list_select_related = (
        *("patient", "practitioner", "treatment", "location", "prescriber"),
    )
    made_once = (
        *("kind", "patient", "practitioner", "treatment"),
        *("prescriber", "prescriber_outside"),
    )
    ordering = ("-pk",)
    search_fields = (
        *("patient__given_name", "patient__family_name", "practitioner__name"),
    )
    fieldsets = (
        (None, {"fields": ("kind", "treatment")}),
        (
            "For a patient, or standing for a practitioner",
            {"fields": ("patient", "practitioner")},
        ),
        (
            "Signed by one of the two",
            {"fields": ("prescriber", "prescriber_outside")},
        ),
        ("Limits", {"fields": LIMITS}),
    )

    def write(self, obj, given, change):
        if change:
            return actions.change_order(order=obj, **given)
        return actions.record_order(**given)
