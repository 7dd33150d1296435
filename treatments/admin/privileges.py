"""Privileges in the back office."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from clinic.admin.base import Audited
from treatments import actions
from treatments.models import Privilege


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
