"""What a source description says of a survey: which form, which wave, and how its answers are to be understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from etl.surveys.words import State, survey_words
from observatory import DATA_FOLDER
from observatory.errors import Fault, Message
from observatory.fact_files import folded
from observatory.registry_faults import unknown

KEYS = {"instrument", "wave", "form", "variants", "called", "dont_know", "no_answer", "invited", "fieldwork"}
INSTRUMENTS = DATA_FOLDER / "registry" / "questionnaires"


@dataclass(frozen=True)
class Survey:
    """One wave of one instrument, as a file of it is described.

    Attributes:
        instrument: the name of the questionnaire; one of ours, or another organisation's.
        wave: the year it is counted for.
        form: the XLSForm, a workbook or a folder; None for our own with the lists of the edition.
        variants: what the codes of a question's variants end in, where it was asked differently in different places.
        called: further headings by which questions are known, by their codes.
        states: codes and labels, folded, that mean "no answer" and "don't know".
        invited: how many were asked to answer; None where nobody knows.
        fieldwork: the first and the last day of answering.
    """

    instrument: str
    wave: int
    form: Path | None = None
    variants: re.Pattern[str] | None = None
    called: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    invited: int | None = None
    fieldwork: tuple[date, date] | None = None


def survey_of(raw: Mapping[str, Any], folder: Path) -> Survey:
    """Return the survey that a description without a fault describes; its form lies in `folder` or below."""
    form = str(raw.get("form") or "")
    days = raw.get("fieldwork")
    states: dict[str, State] = dict(survey_words().states)
    for state in ("dont_know", "no_answer"):
        states |= {folded(str(word)): state for word in _listed(raw.get(state))}
    return Survey(
        instrument=str(raw["instrument"]),
        wave=int(raw["wave"]),
        form=folder / form if form else None,
        variants=re.compile(f"(?:{raw['variants']})$") if raw.get("variants") else None,
        called={str(name): str(heading) for name, heading in (raw.get("called") or {}).items()},
        states=states,
        invited=int(raw["invited"]) if raw.get("invited") else None,
        fieldwork=(_day(days[0]), _day(days[1])) if days else None,
    )


def survey_faults(place: str, raw: Any, folder: Path) -> Iterator[Fault]:
    """Yield what is wrong with the key `survey` of the description at `place`, whose form lies in `folder`."""
    if not isinstance(raw, Mapping):
        what = Message("A survey needs the keys instrument and wave, and form where it is none of our own.")
        yield Fault(place, what, column="survey")
        return
    for name in raw:
        if name not in KEYS:
            yield unknown(place, f"survey.{name}", name, sorted(KEYS))
    if not str(raw.get("instrument") or "").strip():
        yield Fault(place, Message("The key is missing: write it."), column="survey.instrument")
    if not re.fullmatch(r"(19|20)\d\d", str(raw.get("wave") or "")):
        yield Fault(place, Message("This must be a year, for example 2025."), column="survey.wave")
    yield from _form_faults(place, raw, folder)
    for key in ("called", "variants", "invited", "fieldwork"):
        if raw.get(key) is not None and (what := _FAULTS[key](raw[key])):
            yield Fault(place, what, column=f"survey.{key}")


def _form_faults(place: str, raw: Mapping[str, Any], folder: Path) -> Iterator[Fault]:
    form, instrument = str(raw.get("form") or ""), str(raw.get("instrument") or "")
    if not form and instrument and not (INSTRUMENTS / instrument / "survey.csv").is_file():
        ours = sorted(path.parent.name for path in INSTRUMENTS.glob("*/survey.csv"))
        yield unknown(place, "survey.instrument", instrument, ours)
    if form and not (folder / form).exists():
        what = Message("The form {name} is missing: put it beside its description.", name=form)
        yield Fault(place, what, column="survey.form")


def _called_fault(raw: Any) -> Message | None:
    return None if isinstance(raw, Mapping) else Message("Keys with values are expected here, one to a line.")


def _variants_fault(raw: Any) -> Message | None:
    try:
        re.compile(str(raw))
    except re.error as error:
        return Message("This is no regular expression ({error}): correct it.", error=error)
    return None


def _invited_fault(raw: Any) -> Message | None:
    return None if str(raw).isdecimal() and int(raw) else Message("This must be a number of people or organisations.")


def _fieldwork_fault(raw: Any) -> Message | None:
    try:
        first, last = (_day(day) for day in raw)
    except (TypeError, ValueError):
        return Message("Two days are expected here, the first and the last: [2025-09-01, 2025-10-15].")
    return None if first <= last else Message("The last day comes before the first: exchange them.")


_FAULTS = {
    "called": _called_fault,
    "variants": _variants_fault,
    "invited": _invited_fault,
    "fieldwork": _fieldwork_fault,
}


def _day(raw: Any) -> date:
    return raw if isinstance(raw, date) else date.fromisoformat(str(raw))


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else [] if raw is None else [raw]
