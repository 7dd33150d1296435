"""Who may do what, where: the rules as data."""

from django.db import models

from clinic.models import Sourced


class ScopeStatus(models.TextChoices):
    ALLOWED = "allowed", "Allowed"
    WITH_CONDITIONS = "allowed_with_conditions", "Allowed with conditions"
    NOT_ALLOWED = "not_allowed", "Not allowed"
    PENDING_RULES = "pending_rules", "Rules pending"
    SILENT = "silent", "The law says nothing clear"
    UNKNOWN = "unknown", "Not known"


class ScopeOfPractice(Sourced):
    """What a role may do in a place. Source: scope_rules.csv; section 4.1 of the notes.

    `role` and `treatment` are codes; `jurisdiction` a place, its country, or `*`.
    `credential_kind` holds tokens joined with `+`. Empty numbers ask for nothing,
    except a depth, which a treatment limited by depth must have.
    """

    rule_id = models.CharField(max_length=60, unique=True)
    role = models.CharField(max_length=60)
    treatment = models.CharField(max_length=60)
    jurisdiction = models.CharField(max_length=10)
    status = models.CharField(max_length=30, choices=ScopeStatus)
    credential_kind = models.CharField(max_length=200, blank=True)
    min_foundation_hours = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, blank=True
    )
    min_specific_hours = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, blank=True
    )
    min_in_person_hours = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, blank=True
    )
    min_supervised_sessions = models.PositiveIntegerField(null=True, blank=True)
    min_years_licensed = models.PositiveSmallIntegerField(null=True, blank=True)
    max_depth_mm = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True
    )
    depth_basis = models.CharField(max_length=40, blank=True)
    supervision = models.CharField(max_length=30, blank=True)
    delegable = models.CharField(max_length=10, blank=True)
    referral_or_order = models.CharField(max_length=40, blank=True)
    written_consent = models.CharField(max_length=10, blank=True)
    other_conditions = models.TextField(blank=True)
    effective_from = models.DateField(null=True, blank=True)
    effective_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "rule of the law"
        verbose_name_plural = "rules of the law"
        indexes = [models.Index(fields=["role", "treatment", "jurisdiction"])]

    def __str__(self) -> str:
        return self.rule_id


class CredentialToken(Sourced):
    """What meets a token of `credential_kind`. Source: credential_tokens.csv.

    `roles`, `jurisdictions` and `treatments` are codes joined with commas, or `*`;
    `satisfied_by` holds codes of which any one will do, joined with `|`.
    """

    t_id = models.CharField(max_length=20, unique=True)
    token = models.CharField(max_length=60)
    type = models.CharField(max_length=20)
    roles = models.TextField(default="*")
    jurisdictions = models.TextField(default="*")
    treatments = models.TextField(default="*")
    satisfied_by = models.TextField()
    held_by = models.CharField(max_length=60)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = "paper that rules ask for"
        verbose_name_plural = "papers that rules ask for"

    def __str__(self) -> str:
        return f"{self.t_id} {self.token}"
