"""What the back office shows of treatments."""

from treatments.admin import catalogue, editions, privileges, rules

__all__ = ["catalogue", "editions", "privileges", "rules"]
