"""What patients are told to do afterwards, what may happen, and when to call for help."""

from django.contrib import admin

from clinic.admin.base import SourcedAdmin
from treatments.admin.rules import REVIEW, KnownCodes
from treatments.models import ALL_TREATMENTS, AftercareStep, Effect, RedFlag, Treatment


class EffectForm(KnownCodes):
    """Is about a treatment that there is: under another code nobody would read it."""

    def clean_treatment(self):
        return self.known(Treatment, "code", "treatment")


class AdviceForm(KnownCodes):
    """Is about a treatment that there is, or about all of them."""

    def clean_treatment(self):
        return self.known(Treatment, "code", "treatment", ALL_TREATMENTS)


@admin.register(AftercareStep)
class AftercareStepAdmin(SourcedAdmin):
    decides_bookings = False
    form = AdviceForm
    list_display = ("code", "treatment", "phase", "kind", "text", *REVIEW)
    list_filter = ("treatment", "phase", "kind", *REVIEW)
    ordering = ("treatment", "code")
    search_fields = ("code", "text")


@admin.register(RedFlag)
class RedFlagAdmin(SourcedAdmin):
    decides_bookings = False
    form = AdviceForm
    list_display = (
        "sign",
        "code",
        "treatment",
        "action",
        "for_staff",
        "only_needles",
        *REVIEW,
    )
    list_filter = ("treatment", "for_staff", "only_needles", *REVIEW)
    ordering = ("code",)
    search_fields = ("code", "sign", "action")


@admin.register(Effect)
class EffectAdmin(SourcedAdmin):
    decides_bookings = False
    form = EffectForm
    list_display = ("event", "code", "treatment", "rate_text", "severity", *REVIEW)
    list_filter = ("treatment", "severity", *REVIEW)
    ordering = ("code",)
    search_fields = ("code", "event")
