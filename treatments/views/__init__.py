"""The catalogue's pages."""

from treatments.views.catalogue import home, treatment, treatments

__all__ = ["home", "treatment", "treatments"]
