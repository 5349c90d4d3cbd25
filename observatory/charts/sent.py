"""Charts on their way to the page."""

from __future__ import annotations

from plotly.basedatatypes import BaseFigure

from observatory.charts.look import Chart


class AsItIs(BaseFigure):
    """A chart sent as it is; of all but a finished figure st.plotly_chart would check every mark at each look."""

    def __init__(self, chart: Chart):
        vars(self)["_spec"] = chart.spec

    def to_dict(self) -> dict:
        return self._spec
