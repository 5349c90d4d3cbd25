"""Sectors and sizes: which industries and size classes do the work, and how ownership and holdings matter."""

from observatory.figures import Composition, Concentration, Ranking, Trend
from observatory.page import Page, Row, show
from observatory.texts import mark

PAGE = Page(
    id="sectors",
    title=mark("Sectors and sizes"),
    lead=Concentration("sector"),
    shows=(
        "volunteer_hours",
        "participation_rate",
        "participation_rate_paid",
        "hours_per_volunteer",
        "hours_per_employee",
        "programme_cost_per_employee",
        "activities",
        "participations",
        "companies_reporting",
        "companies_disclosing",
        "disclosure_rate",
        "companies_graded",
    ),
    rows=(
        Row(Ranking("sector"), Ranking("size", level="fine")),
        Row(Trend(by="sector"), Composition("size", rows="sector", level="fine")),
        Row(Ranking("ownership"), Ranking("holding")),
    ),
)

if __name__ == "__main__":
    show(PAGE)
