"""The figures a page can declare. Each gives a View: words, chart, rows, base and source, in the reader's language."""

from observatory.figures.changes import Changes
from observatory.figures.composition import Composition, Season
from observatory.figures.deliveries import Corrections, Deliveries, Latest, Notices, Refused
from observatory.figures.events import EventList, EventsHeld, MostEvents
from observatory.figures.headlines import Headlines
from observatory.figures.protection import Protection
from observatory.figures.ranking import Ranking
from observatory.figures.reference import Cite, Glossary, Indicators, Method, Sources, SurveyMethod
from observatory.figures.region_map import RegionMap, RegionProfile
from observatory.figures.sides import NeedAndSupply, SidesLead, ThreeSides
from observatory.figures.stages import NextSteps, OwnIndex, StageByGroup, StageInWords, StageLead, StageMap, WhatIfStep
from observatory.figures.trend import Trend
from observatory.figures.view import Context, Figure, View
from observatory.figures.voices import HowAsked, VoicesAgreeing, VoicesLead, VoicesShown
from observatory.figures.words import Concentration, Coverage, Findings, FirstFinding

__all__ = [
    "Changes",
    "Cite",
    "Composition",
    "Concentration",
    "Context",
    "Corrections",
    "Coverage",
    "Deliveries",
    "EventList",
    "EventsHeld",
    "Figure",
    "Findings",
    "FirstFinding",
    "Glossary",
    "Headlines",
    "HowAsked",
    "Indicators",
    "Latest",
    "Method",
    "MostEvents",
    "NeedAndSupply",
    "NextSteps",
    "Notices",
    "OwnIndex",
    "Protection",
    "Ranking",
    "RegionMap",
    "RegionProfile",
    "Refused",
    "Season",
    "SidesLead",
    "Sources",
    "StageByGroup",
    "StageInWords",
    "StageLead",
    "StageMap",
    "SurveyMethod",
    "ThreeSides",
    "Trend",
    "View",
    "VoicesAgreeing",
    "VoicesLead",
    "VoicesShown",
    "WhatIfStep",
]
