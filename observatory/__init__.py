"""Asar, an observatory of corporate volunteering: what its pages are made of.

Names that every part shares: where the facts lie and which languages the interface speaks.
"""

from pathlib import Path

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
DATA_FOLDER = PROJECT_FOLDER / "data"

LANGUAGES = ("kk", "ru", "en", "ar")
"""Interface languages, in the order in which they are offered."""

TOTAL = "_T"
"""Code of everything, "not stated" included."""

NOT_STATED = "_U"
"""Code of what a record leaves open."""
