"""Stage: where corporate volunteering stands, how sure that is, which steps lead to the next stage, and what if."""

from observatory.figures import NextSteps, OwnIndex, StageByGroup, StageInWords, StageLead, StageMap, WhatIfStep
from observatory.page import Page, Row, show
from observatory.page.stage_tools import index_weights, step_to_try
from observatory.texts import mark

PAGE = Page(
    id="stage",
    title=mark("Stage"),
    lead=StageLead(),
    filters=(),
    rows=(
        Row((StageMap(), StageInWords()), NextSteps(), widths=(1.4, 1)),
        Row(StageByGroup("size.legal"), StageByGroup("region")),
        Row(StageByGroup("sector"), (StageByGroup("ownership"), StageByGroup("holding"))),
        Row(WhatIfStep(), OwnIndex()),
    ),
    tools={"what-if": step_to_try, "own-index": index_weights},
)

if __name__ == "__main__":
    show(PAGE)
