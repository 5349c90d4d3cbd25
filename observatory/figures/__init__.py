"""The figures a page can declare. Each gives a View: words, chart, rows, base and source, in the reader's language."""

from observatory.figures.composition import Composition, Season
from observatory.figures.headlines import Headlines
from observatory.figures.ranking import Ranking
from observatory.figures.reference import Cite, Deliveries, Glossary, Indicators, Method, Refused, Sources
from observatory.figures.region_map import RegionMap, RegionProfile
from observatory.figures.trend import Trend
from observatory.figures.view import Context, Figure, View
from observatory.figures.words import Concentration, Coverage, Findings, FirstFinding

__all__ = [
    "Cite",
    "Composition",
    "Concentration",
    "Context",
    "Coverage",
    "Deliveries",
    "Figure",
    "Findings",
    "FirstFinding",
    "Glossary",
    "Headlines",
    "Indicators",
    "Method",
    "Ranking",
    "RegionMap",
    "RegionProfile",
    "Refused",
    "Season",
    "Sources",
    "Trend",
    "View",
]
