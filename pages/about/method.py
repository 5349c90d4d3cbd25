"""Data and method: what is counted and how, where it comes from, what was refused and what changed, how to cite."""

from observatory.figures import (
    Changes,
    Cite,
    Corrections,
    Deliveries,
    Glossary,
    Indicators,
    Method,
    Notices,
    Refused,
    Sources,
)
from observatory.page import Page, Row, show
from observatory.texts import mark

PAGE = Page(
    id="method",
    title=mark("Data and method"),
    lead=Deliveries(id="lead"),
    filters=(),
    rows=(
        Row(Method(), Cite(), widths=(1.5, 1)),
        Row(Indicators()),
        Row(Sources()),
        Row(Changes("participations", "active_companies", "volunteers", "participation_rate")),
        Row(Deliveries()),
        Row(Corrections()),
        Row(Refused()),
        Row(Notices()),
        Row(Glossary()),
    ),
)

if __name__ == "__main__":
    show(PAGE)
