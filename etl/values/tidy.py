"""A text without what only the way of typing it put there."""

import unicodedata

from observatory.fact_files import visible


def tidy(text: str) -> str:
    """Return a text without blanks at its ends and invisible signs, with every digit as 0-9, one minus and blank."""
    if not text.isascii():
        digits = "".join(str(unicodedata.decimal(sign, sign)) if not sign.isascii() else sign for sign in visible(text))
        text = digits.replace("\u2212", "-").replace("\u066b", ".").replace("\u066c", ",")
    return " ".join(text.split())
