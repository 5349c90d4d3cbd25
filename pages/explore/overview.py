"""Overview: what stands out, the headline numbers, who works, on what, when and where, and how much is covered."""

from observatory.figures import Composition, Coverage, Findings, FirstFinding, Headlines, Ranking, RegionMap, Trend
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
        Row(Trend(by="theme", level="theme"), Findings(), widths=(1.75, 1)),
        Row(Composition("size", rows="year", level="fine"), Composition("theme", rows="year", level="theme")),
        Row(
            RegionMap(small=True),
            (Coverage(), Ranking("sector", most=5)),
            widths=(1.75, 1),
        ),
    ),
)

if __name__ == "__main__":
    show(PAGE)
