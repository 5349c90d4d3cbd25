"""Questions to the store, and one function for each: what figures, findings and exports are made from."""

from observatory.filters import FILTERED
from observatory.queries.answers import Answer, lookup
from observatory.queries.changes import Changes, changes
from observatory.queries.events import FOLLOWED, Events, events, marks
from observatory.queries.headlines import Headline, headline
from observatory.queries.nearest import nearest
from observatory.queries.reports import (
    available,
    corrected_rows,
    corrections,
    deliveries,
    has_measure,
    names_files,
    notices,
    protection_costs,
    received,
    rejects,
    rejects_by_rule,
)  # fmt: skip
from observatory.queries.revisions import is_revised, with_revisions
from observatory.queries.voices import Voices, agreements, instruments, known_part, voices

__all__ = [
    "FILTERED", "FOLLOWED", "Answer", "Changes", "Events", "Headline", "Voices", "agreements", "available", "changes",
    "corrected_rows", "corrections", "deliveries", "events", "has_measure", "headline", "instruments", "is_revised",
    "known_part", "lookup", "marks", "names_files", "nearest", "notices", "protection_costs", "received", "rejects",
    "rejects_by_rule", "voices", "with_revisions",
]  # fmt: skip
