"""Themes: emergency, ecology and the social direction; their sub-themes, seasons and years."""

from observatory.figures import Composition, Concentration, Ranking, Season, Trend
from observatory.page import Page, Row, show
from observatory.texts import mark

PAGE = Page(
    id="themes",
    title=mark("Themes"),
    lead=Concentration("theme", level="subtheme"),
    shows=(
        "volunteer_hours",
        "participations",
        "activities",
        "beneficiaries",
        "skills_share",
        "paid_time_share",
        "requested_volunteers",
    ),
    rows=(
        Row((Trend(by="theme", level="theme"), Season()), Ranking("theme", level="subtheme"), widths=(1.4, 1)),
        Row(Composition("theme", rows="sector", level="theme"), Composition("form", rows="year")),
        Row(Ranking("form"), Trend()),
    ),
)

if __name__ == "__main__":
    show(PAGE)
