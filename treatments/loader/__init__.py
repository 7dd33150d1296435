"""Brings the shipped rules into the database, and leaves people's changes alone."""

from treatments.loader.files import LoadRefused
from treatments.loader.load import Difference, Report, load

__all__ = ["Difference", "LoadRefused", "Report", "load"]
