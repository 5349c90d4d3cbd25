"""Stages: where the country and its groups stand, how sure that is, what comes next, and what if."""

from observatory.figures.stages.maps import StageByGroup, StageMap
from observatory.figures.stages.standing import StageInWords, StageLead
from observatory.figures.stages.steps import NextSteps
from observatory.figures.stages.tried import OwnIndex, WhatIfStep, tried_step
from observatory.figures.stages.words import dimension_name

__all__ = [
    "NextSteps", "OwnIndex", "StageByGroup", "StageInWords", "StageLead", "StageMap", "WhatIfStep", "dimension_name",
    "tried_step",
]  # fmt: skip
