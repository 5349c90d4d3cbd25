"""The rubric of data/registry/rubric.yml: dimensions, stages, and the conditions on answers that make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from etl.questionnaire import FOLDER
from observatory import DATA_FOLDER, LANGUAGES
from observatory.errors import EditionError, Fault, Message
from observatory.fact_files import read_rows, read_yaml
from observatory.registry_faults import unknown

FILE = DATA_FOLDER / "registry" / "rubric.yml"
FIRST, LAST = 1, 5
STAGES = range(FIRST, LAST + 1)
QUESTION_OF_STEPS = "step"
FORMS_OF_THE_EDITION = {"form", "sector", "region", "size", "theme", "ownership"}

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Condition:
    """One condition on the answers of a company, or several together.

    Attributes:
        kind: "is", "at_least", "share", "scale", "reaches", "any_of", "all", "any", or "met" whatever was answered.
        questions: whose answers it looks at.
        options: of "is" the option, and of "any_of" those that will do; of "reaches" all that do.
        partly: options that are half of it.
        at_least: the number, share or step of the scale.
        parts: of "all" and "any".
    """

    kind: str
    questions: tuple[str, ...] = ()
    options: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()
    at_least: float = 0.0
    parts: tuple[Condition, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """The questions whose answers decide it, parts included."""
        return tuple(dict.fromkeys((*self.questions, *(item for part in self.parts for item in part.items))))


@dataclass(frozen=True)
class Descriptor:
    """What a company does at a stage of a dimension; `cost` of getting there: low, medium or high."""

    stage: int
    met: Condition
    text: Texts
    evidence: Texts
    cost: str


@dataclass(frozen=True)
class Dimension:
    """One of the seven dimensions, with its descriptors of the stages 2 to 5."""

    id: str
    name: Texts
    theme: str
    descriptors: tuple[Descriptor, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """The questions that decide its stage."""
        return tuple(dict.fromkeys(item for descriptor in self.descriptors for item in descriptor.met.items))


@dataclass(frozen=True)
class Gate:
    """What a company needs for a stage: a dimension at least at a stage, or so many confirmations by others."""

    stage: int
    dimension: str = ""
    at_least: int = 0
    confirmations: int = 0


@dataclass(frozen=True)
class Confirmation:
    """What counts as confirmed: the share of at least `base` answers of others that agree with a dimension."""

    dimension: str
    instrument: str
    question: str
    condition: Condition
    share: float
    base: int


@dataclass(frozen=True)
class Rubric:
    """The whole model. Shares are 0 to 1."""

    version: int
    items_share: float
    dimensions_least: int
    dimensions_needed: tuple[str, ...]
    country_share: float
    gates: tuple[Gate, ...]
    confirmations: tuple[Confirmation, ...]
    stages: Mapping[int, Mapping[str, Texts]]
    dimensions: tuple[Dimension, ...]
    enabling: Mapping[str, Texts]

    @property
    def items(self) -> frozenset[str]:
        """Every question of the company form that the rubric looks at."""
        return frozenset(item for dimension in self.dimensions for item in dimension.items)


@cache
def rubric(path: Path = FILE) -> Rubric:
    """Return the rubric.

    Raises:
        EditionError: with every fault of the file.
    """
    raw = read_yaml(path)
    faults = list(rubric_faults(raw, path.name))
    if faults:
        raise EditionError("The rubric cannot be used.", faults)
    lists = _lists()
    return Rubric(
        version=int(raw["version"]),
        items_share=float(raw["items_share"]),
        dimensions_least=int(raw["dimensions_least"]),
        dimensions_needed=tuple(raw["dimensions_needed"]),
        country_share=float(raw["country_share"]),
        gates=tuple(Gate(**gate) for gate in raw["gates"]),
        confirmations=tuple(
            Confirmation(
                entry["dimension"], entry["instrument"], entry["question"], _condition(entry, lists),
                float(entry.get("share", 1)), int(entry["base"]),
            )
            for entry in raw["confirmations"]
        ),
        stages=raw["stages"],
        dimensions=tuple(
            Dimension(name, facts["name"], facts["theme"], tuple(
                Descriptor(stage, _condition(entry["met"], lists), entry["text"], entry["evidence"], entry["cost"])
                for stage, entry in sorted(facts["stages"].items())
            ))
            for name, facts in raw["dimensions"].items()
        ),
        enabling=raw["enabling"],
    )  # fmt: skip


def _condition(raw: Mapping[str, Any], lists: Mapping[str, list[str]]) -> Condition:
    for kind in ("all", "any"):
        if kind in raw:
            return Condition(kind, parts=tuple(_condition(part, lists) for part in raw[kind]))
    partly = frozenset([raw["partly"]] if "partly" in raw else [])
    if "share_of" in raw:
        return Condition("share", (raw["share_of"], raw["in"]), at_least=float(raw["at_least"]))
    question = (raw["question"],)
    if "is" in raw:
        return Condition("is", question, frozenset([raw["is"]]), partly)
    if "any_of" in raw:
        return Condition("any_of", question, frozenset(raw["any_of"]))
    if "reaches" in raw:
        steps = lists[raw["question"]]
        return Condition("reaches", question, frozenset(steps[steps.index(raw["reaches"]) :]))
    if "scale_at_least" in raw:
        return Condition("scale", question, at_least=float(raw["scale_at_least"]))
    return Condition("at_least", question, at_least=float(raw["at_least"]))


def _lists(instrument: str = "company") -> dict[str, list[str]]:
    """Return the options of each question of an instrument that has a list of its own, in their order."""
    options: dict[str, list[str]] = {}
    for row in read_rows(FOLDER / "choices.csv")[1]:
        if row["name"] != "dont_know":
            options.setdefault(row["list_name"], []).append(row["name"])
    asked = {row["name"]: row["type"] for row in read_rows(FOLDER / instrument / "survey.csv")[1]}
    return {
        name: options.get(of, []) for name, kind in asked.items()
        for of in [kind.partition(" ")[2]] if kind.startswith("select")
    }  # fmt: skip


def rubric_faults(raw: Any, file: str) -> Iterator[Fault]:
    """Yield everything that is wrong with a rubric: questions, options, stages, gates and texts that do not fit."""
    asked = {row["name"]: row["type"] for row in read_rows(FOLDER / "company" / "survey.csv")[1]}
    lists = _lists()
    for stage in STAGES:
        yield from _said(file, f"stages.{stage}", raw["stages"].get(stage), ("name", "text"))
    for name, facts in raw["dimensions"].items():
        yield from _said(file, f"dimensions.{name}", facts, ("name",))
        if sorted(facts["stages"]) != list(STAGES[1:]):
            yield Fault(file, Message("The stages 2 to 5 are needed, each once."), column=f"dimensions.{name}.stages")
        for stage, entry in facts["stages"].items():
            place = f"dimensions.{name}.stages.{stage}"
            yield from _said(file, place, entry, ("text", "evidence"))
            yield from _condition_faults(file, f"{place}.met", entry.get("met"), asked, lists)
            if entry.get("cost") not in ("low", "medium", "high"):
                yield unknown(file, f"{place}.cost", entry.get("cost"), ("low", "medium", "high"))
    for number, entry in enumerate((*raw["gates"], *raw["confirmations"])):
        if entry.get("dimension") and entry["dimension"] not in raw["dimensions"]:
            yield unknown(file, f"gates.{number}", entry["dimension"], raw["dimensions"])
    for name, text in raw["enabling"].items():
        yield from _said(file, "enabling", {name: text}, (name,))


def _said(file: str, place: str, facts: Any, names: tuple[str, ...]) -> Iterator[Fault]:
    for name in names:
        said = (facts or {}).get(name) or {}
        for language in LANGUAGES:
            if not said.get(language):
                what = Message("The text is missing in {language}: write it.", language=language)
                yield Fault(file, what, column=f"{place}.{name}")


def _condition_faults(
    file: str, place: str, raw: Any, asked: Mapping[str, str], lists: Mapping[str, list[str]]
) -> Iterator[Fault]:
    if not isinstance(raw, Mapping):
        yield Fault(file, Message("A condition is expected here."), column=place)
        return
    for part in (*raw.get("all", ()), *raw.get("any", ())):
        yield from _condition_faults(file, place, part, asked, lists)
    for key in ("question", "share_of", "in"):
        if key in raw and raw[key] not in asked:
            yield unknown(file, f"{place}.{key}", raw[key], asked)
            return
    question = raw.get("question")
    of = asked.get(question, "").partition(" ")[2]
    wanted = [raw[key] for key in ("is", "partly", "reaches") if key in raw] + list(raw.get("any_of", ()))
    for option in wanted:
        if of not in FORMS_OF_THE_EDITION and option not in lists.get(question, ()):
            yield unknown(file, place, option, lists.get(question, ()))
