"""What the back office shows of treatments."""

from treatments.admin import (
    aftercare,
    catalogue,
    editions,
    privileges,
    rules,
    supervision,
)

__all__ = ["aftercare", "catalogue", "editions", "privileges", "rules", "supervision"]
