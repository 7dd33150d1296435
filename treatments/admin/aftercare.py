"""What patients are told to do afterwards, what may happen, and when to call for help."""

from django.contrib import admin

from clinic.admin.base import SourcedAdmin
from treatments.admin.rules import REVIEW
from treatments.models import AftercareStep, Effect, RedFlag


@admin.register(AftercareStep)
class AftercareStepAdmin(SourcedAdmin):
    decides_bookings = False
    list_display = ("code", "treatment", "phase", "kind", "text", *REVIEW)
    list_filter = ("treatment", "phase", "kind", *REVIEW)
    ordering = ("treatment", "code")
    search_fields = ("code", "text")


@admin.register(RedFlag)
class RedFlagAdmin(SourcedAdmin):
    decides_bookings = False
    list_display = ("sign", "code", "treatment", "action", "for_staff", *REVIEW)
    list_filter = ("treatment", "for_staff", *REVIEW)
    ordering = ("code",)
    search_fields = ("code", "sign", "action")


@admin.register(Effect)
class EffectAdmin(SourcedAdmin):
    decides_bookings = False
    list_display = ("event", "code", "treatment", "rate_text", "severity", *REVIEW)
    list_filter = ("treatment", "severity", *REVIEW)
    ordering = ("code",)
    search_fields = ("code", "event")
