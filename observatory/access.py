"""Who may open which product of a snapshot, and who may change what is published."""

from __future__ import annotations

PUBLIC, COMPANY, ANALYST = "public", "company", "analyst"
"""Roles of readers."""

RESTRICTED = "restricted"  # the product with exact cells and unit records


def role_of_reader() -> str:
    """Return the role in which this installation's readers read.

    Asar runs on its owner's machine, or shows demonstration data: whoever reaches it is an analyst, and sees exact
    figures. A public installation is to hand out the protected product, which is not made yet: one that holds real
    data must not be opened to the public.
    """
    return ANALYST


def product_for() -> str:
    """Return the product that this installation's readers are handed."""
    return RESTRICTED


def may_load() -> bool:
    """Return whether this reader may load files, publish and go back: an analyst may, nobody else."""
    return role_of_reader() == ANALYST
