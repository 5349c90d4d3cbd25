"""Questions to the store, and one function for each: what figures, findings and exports are made from."""

from observatory.filters import FILTERED
from observatory.queries.answers import Answer, lookup
from observatory.queries.headlines import Headline, headline
from observatory.queries.reports import available, deliveries, has_measure, rejects, rejects_by_rule

__all__ = [
    "FILTERED", "Answer", "Headline", "available", "deliveries", "has_measure", "headline", "lookup", "rejects",
    "rejects_by_rule",
]  # fmt: skip
