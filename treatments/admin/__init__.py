"""What the back office shows of treatments."""

from treatments.admin import aftercare, catalogue, editions, privileges, rules

__all__ = ["aftercare", "catalogue", "editions", "privileges", "rules"]
