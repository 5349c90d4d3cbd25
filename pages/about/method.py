"""Data and method: the template for companies, what is counted and how, what was refused and what changed, citation."""

from observatory.figures import (
    Changes,
    Cite,
    Corrections,
    Deliveries,
    Glossary,
    Indicators,
    Method,
    Notices,
    Protection,
    Refused,
    Sources,
    SurveyMethod,
)
from observatory.page import Page, Row, show
from observatory.page.handout import handout
from observatory.texts import mark

PAGE = Page(
    id="method",
    title=mark("Data and method"),
    lead=Deliveries(id="lead"),
    filters=(),
    workplace=handout,
    rows=(
        Row(Method(), (SurveyMethod(), Cite())),
        Row(Protection()),
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
