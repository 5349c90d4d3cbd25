"""Data and method: what is counted and how, where it comes from, what was refused, how to cite and correct."""

from observatory.figures import Cite, Deliveries, Glossary, Indicators, Method, Refused, Sources
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
        Row(Deliveries()),
        Row(Refused()),
        Row(Glossary()),
    ),
)

if __name__ == "__main__":
    show(PAGE)
