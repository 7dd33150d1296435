"""What the back office shows of treatments."""

from treatments.admin import catalogue, privileges, rules

__all__ = ["catalogue", "privileges", "rules"]
