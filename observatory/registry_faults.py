"""What is wrong with the files of data/registry, all faults at once."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from observatory import LANGUAGES
from observatory.errors import Fault, Message, nearest
from observatory.fact_files import read_yaml_or_fault

FAMILIES = ("activity", "company_year", "frame")
BREAKDOWNS = ("sector", "region", "theme", "size", "form", "year", "month", "ownership", "holding")
PROTECTIONS = ("sum", "count", "share")
UNIT_KINDS = ("count", "hours", "percent", "ratio", "money")
BETTER = ("higher", "lower", "neither")
FINDING_KINDS = ("rise", "fall", "share", "leader", "peak", "rate_change")
PLURAL_FORMS = {
    "kk": ("one", "other"),
    "ru": ("one", "few", "many", "other"),
    "en": ("one", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
FINDING_PLACEHOLDERS = {"name", "value", "previous", "change", "share", "ratio", "month", "year", "previous_year"}


def registry_faults(folder: Path) -> list[Fault]:
    """Return every fault of the registry's own files; tables.yml and rules.yml are the ETL's to check."""
    found: list[Fault] = []
    lists = {}
    for name in ("measures", "units", "sources", "glossary", "findings"):
        entries, faults = read_yaml_or_fault(folder / f"{name}.yml", f"registry/{name}.yml")
        found += faults
        lists[name] = [entry for entry in entries or () if isinstance(entry, dict) and "id" in entry]
        if len(lists[name]) < len(entries or ()):
            found.append(Fault(f"registry/{name}.yml", Message("Every entry needs an id: write one for each.")))
        found += _repeated(f"registry/{name}.yml", (entry["id"] for entry in lists[name]))
    indicators = []
    for path in sorted((folder / "indicators").glob("*.yml")):
        entry, faults = read_yaml_or_fault(path, _place(path))
        found += faults
        if entry:
            indicators.append((path, entry))
    ids = {name: {entry["id"] for entry in entries} for name, entries in lists.items()}
    found += [fault for entry in lists["units"] for fault in _unit_faults(entry)]
    found += [fault for entry in lists["measures"] for fault in _measure_faults(entry, ids["units"], ids["measures"])]
    found += [fault for path, entry in indicators for fault in _indicator_faults(path, entry, ids)]
    for entry in lists["sources"]:
        found += _texts("registry/sources.yml", entry, ("name", "producer", "method"))
    for entry in lists["glossary"]:
        found += _texts("registry/glossary.yml", entry, ("term", "definition"))
    indicator_ids = {entry.get("id") for _, entry in indicators}
    found += [fault for entry in lists["findings"] for fault in _finding_faults(entry, indicator_ids)]
    return found


def placeholders(template: str) -> set[str]:
    """Return the names in braces of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def unknown(file: str, column: str, value: Any, choices: Iterable[str]) -> Fault:
    """Return the fault of a word that is not among the choices, with the nearest that is."""
    choices = list(choices)
    like = nearest(str(value), choices)
    if like:
        return Fault(file, Message('"{value}" is not known: perhaps "{like}" is meant.', value=value, like=like),
                     column=column)  # fmt: skip
    expected = ", ".join(choices)
    return Fault(file, Message('"{value}" is not known: write one of {expected}.', value=value, expected=expected),
                 column=column)  # fmt: skip


def missing_languages(file: str, column: str, mapping: Any, languages: Iterable[str]) -> list[Fault]:
    """Return one fault for each language in which a mapping of languages has no text."""
    texts = mapping if isinstance(mapping, Mapping) else {}
    return [
        Fault(file, Message("There is no text in language {language}: write it.", language=language), column=column)
        for language in languages
        if not str(texts.get(language) or "").strip()
    ]


def _place(path: Path) -> str:
    return f"registry/indicators/{path.name}"


def _repeated(file: str, ids: Iterable[str]) -> list[Fault]:
    return [
        Fault(file, Message('The id "{value}" stands there {count} times: keep one.', value=name, count=count))
        for name, count in Counter(ids).items()
        if count > 1
    ]


def _texts(file: str, entry: Mapping[str, Any], keys: Iterable[str]) -> list[Fault]:
    found = []
    for key in keys:
        found += missing_languages(file, f"{entry['id']}.{key}", entry.get(key), LANGUAGES)
    return found


def _unit_faults(entry: Mapping[str, Any]) -> list[Fault]:
    file, name = "registry/units.yml", entry["id"]
    found = _texts(file, entry, ("suffix",))
    if entry.get("kind") not in UNIT_KINDS:
        found.append(unknown(file, f"{name}.kind", entry.get("kind"), UNIT_KINDS))
    if ("decimals" in entry) == ("significant" in entry):
        found.append(Fault(file, Message("Write either decimals or significant digits."), column=name))
    for language, categories in PLURAL_FORMS.items():
        forms = entry.get("forms", {}).get(language, {})
        for category in (*categories, "compact"):
            if category not in forms:
                what = Message("The plural form {form} is missing: write it.", form=category)
                found.append(Fault(file, what, column=f"{name}.forms.{language}"))
    return found


def _measure_faults(entry: Mapping[str, Any], units: set[str], measures: set[str]) -> list[Fault]:
    file, name = "registry/measures.yml", entry["id"]
    found = _texts(file, entry, ("name",))
    if entry.get("family") not in FAMILIES:
        found.append(unknown(file, f"{name}.family", entry.get("family"), FAMILIES))
    if entry.get("unit") not in units:
        found.append(unknown(file, f"{name}.unit", entry.get("unit"), sorted(units)))
    for dimension in entry.get("adds_over", ()):
        if dimension not in BREAKDOWNS:
            found.append(unknown(file, f"{name}.adds_over", dimension, BREAKDOWNS))
    protection = entry.get("protection", PROTECTIONS[0])
    if protection not in PROTECTIONS:
        found.append(unknown(file, f"{name}.protection", protection, PROTECTIONS))
    if protection == "share" and entry.get("share_of") not in measures:
        found.append(unknown(file, f"{name}.share_of", entry.get("share_of"), sorted(measures)))
    return found


def _indicator_faults(path: Path, entry: Mapping[str, Any], ids: Mapping[str, set[str]]) -> list[Fault]:
    file = _place(path)
    if entry.get("id") != path.stem:
        what = Message('The id must be the file\'s name: write "{name}".', name=path.stem)
        return [Fault(file, what, column="id")]
    found = []
    for key in ("name", "short", "definition"):
        found += missing_languages(file, key, entry.get(key), LANGUAGES)
    for source in (part.strip() for part in str(entry.get("source", "")).split(",")):
        if source not in ids["sources"]:
            found.append(unknown(file, "source", source, sorted(ids["sources"])))
    for key, choices in (("unit", ids["units"]), ("better", BETTER)):
        if entry.get(key) not in choices:
            found.append(unknown(file, key, entry.get(key), sorted(choices)))
    if ("measure" in entry) == ("rate" in entry):
        found.append(Fault(file, Message("Write either a measure or a rate.")))
    rate = entry.get("rate") or {"numerator": [entry.get("measure")], "denominator": []}
    if "rate" in entry and not rate.get("denominator"):
        found.append(Fault(file, Message("A rate needs a denominator: name its measures."), column="rate"))
    for part in ("numerator", "denominator"):
        for measure in rate.get(part) or ():
            if measure not in ids["measures"]:
                found.append(unknown(file, part, measure, sorted(ids["measures"])))
    for breakdown in entry.get("breakdowns", ()):
        if breakdown not in BREAKDOWNS:
            found.append(unknown(file, "breakdowns", breakdown, BREAKDOWNS))
    return found


def _finding_faults(entry: Mapping[str, Any], indicators: set[Any]) -> list[Fault]:
    file, name = "registry/findings.yml", entry["id"]
    found = _texts(file, entry, ("text",))
    if entry.get("kind") not in FINDING_KINDS:
        found.append(unknown(file, f"{name}.kind", entry.get("kind"), FINDING_KINDS))
    if entry.get("indicator") not in indicators:
        found.append(unknown(file, f"{name}.indicator", entry.get("indicator"), sorted(map(str, indicators))))
    for language, template in (entry.get("text") or {}).items():
        for placeholder in sorted(placeholders(template) - FINDING_PLACEHOLDERS):
            found.append(unknown(file, f"{name}.text.{language}", placeholder, sorted(FINDING_PLACEHOLDERS)))
    return found
