"""Brings the shipped rules into the database, and leaves people's changes alone."""

from treatments.loader.files import LoadRefused
from treatments.loader.load import load
from treatments.loader.report import Difference, Report

__all__ = ["Difference", "LoadRefused", "Report", "load"]
