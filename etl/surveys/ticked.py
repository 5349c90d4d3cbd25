"""Ticked: what the columns of a question's options say, one column an option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etl.surveys.cells import NOTHING, Choices, Read, distinct
from etl.surveys.columns import Place


class OptionColumns:
    """The columns of a question's options in one sheet.

    Args:
        places: the columns of the question; those of no option are passed over.
        rows: all rows of answers, since a column as a whole shows how it is written.
        choices: the options.
    """

    def __init__(self, places: Sequence[Place], rows: Sequence[Sequence[str]], choices: Choices):
        self._choices = choices
        of_options = [place for place in places if place.option is not None]
        cells = {place.column: list(distinct(rows, place.column)) for place in of_options}
        by_label = all(choices.says_itself(place.option, cells[place.column]) for place in of_options)
        self._columns = [
            (
                place.column,
                place.option,
                {cell: choices.ticked(place.option, cell, by_label) for cell in cells[place.column]},
            )
            for place in of_options
        ]
        self._says_no = any(tick is False for _, _, meant in self._columns for tick in meant.values())

    def __bool__(self) -> bool:
        return bool(self._columns)

    def read(self, cells: Sequence[str]) -> Read:
        """Return what the cells of a row say together; nothing where all are blank.

        Where not chosen is written as such, a blank cell is an option that was not offered, as in one of a question's
        variants; where it never is, a blank cell is an option that was not chosen.
        """
        ticks = self._ticks(cells)
        if all(tick is None for tick in ticks.values()):
            return NOTHING
        chosen = self._choices.given([option for option, tick in ticks.items() if tick])
        if not self._says_no:
            return chosen
        return replace(chosen, not_offered=tuple(option for option, tick in ticks.items() if tick is None))

    def _ticks(self, cells: Sequence[str]) -> dict[str, bool | None]:
        """Return what is said of each option; of several columns of one the first that says anything."""
        ticks: dict[str, bool | None] = {option.code: None for option in self._choices.question.options}
        for column, option, meant in self._columns:
            if ticks[option] is None and column < len(cells):
                ticks[option] = meant.get(cells[column].strip())
        return ticks
