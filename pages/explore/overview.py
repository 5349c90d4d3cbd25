"""Overview: the stage, what stands out and comes next, the numbers, who works, on what, when, where, and coverage."""

from observatory.figures import (
    Composition,
    Coverage,
    Findings,
    FirstFinding,
    Headlines,
    NextSteps,
    Ranking,
    RegionMap,
    Trend,
)
from observatory.page import Page, Row, show
from observatory.texts import mark

PAGE = Page(
    id="overview",
    title=mark("Overview"),
    lead=FirstFinding(),
    headlines=Headlines(
        "volunteer_hours",
        "participations",
        "participation_rate",
        "companies_reporting",
        "disclosure_rate",
        "companies_graded",
        "requested_volunteers",
        "activities",
    ),
    rows=(
        Row(Findings(), NextSteps(in_short=True)),
        Row(Trend(by="theme", level="theme"), Coverage(), widths=(1.75, 1)),
        Row(Composition("size", rows="year", level="fine"), Composition("theme", rows="year", level="theme")),
        Row(
            RegionMap(small=True),
            Ranking("sector", most=5),
            widths=(1.75, 1),
        ),
    ),
)

if __name__ == "__main__":
    show(PAGE)
