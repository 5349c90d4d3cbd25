"""Regions: where the work is done, in order and on the map, and one region beside the country."""

from observatory.figures import Composition, Concentration, Ranking, RegionMap, RegionProfile, Trend
from observatory.page import Page, Row, show
from observatory.texts import mark

PAGE = Page(
    id="regions",
    title=mark("Regions"),
    lead=Concentration("region"),
    shows=(
        "volunteer_hours",
        "participations",
        "activities",
        "participation_rate",
        "hours_per_employee",
        "beneficiaries",
        "coverage",
        "companies_disclosing",
        "disclosure_rate",
        "companies_graded",
    ),
    has_units=True,
    rows=(
        Row((RegionMap(), Trend(by="region")), Ranking("region", beside_map=True), widths=(1.75, 1)),
        Row(
            RegionProfile(
                (
                    "volunteer_hours",
                    "participations",
                    "activities",
                    "active_companies",
                    "partner_ngos",
                    "participation_rate",
                    "hours_per_volunteer",
                    "coverage",
                    "companies_disclosing",
                    "disclosure_rate",
                    "companies_graded",
                )
            ),
            Composition("theme", rows="region", level="theme", rows_level="macro"),
        ),
    ),
)

if __name__ == "__main__":
    show(PAGE)
