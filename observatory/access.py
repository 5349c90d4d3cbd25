"""Who may open which product of a snapshot."""

from __future__ import annotations

ANALYST = "restricted"  # the product with exact cells and unit records


def product_for() -> str:
    """Return the product that this installation's readers are handed.

    Asar runs on its owner's machine, or shows demonstration data: whoever reaches it is an analyst, and sees exact
    figures. A public installation is to hand out the protected product, which is not made yet: one that holds real
    data must not be opened to the public.
    """
    return ANALYST
