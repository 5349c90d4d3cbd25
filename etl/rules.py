"""Rules: what makes a row faulty, as data over SQL. The sentences are in data/registry/rules.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from etl.expressions import literal, quoted
from etl.match import FieldSql
from etl.read import Sheet
from etl.sources import SourceDescription
from observatory.editions import Edition


@dataclass(frozen=True)
class Rule:
    """One rule on one field.

    `faulty` is SQL over the columns of a matched row: each field by its name, its fault as "fault <field>", and the
    validity of its region. `details` are SQL too; `other` is a second field that the sentence names. Where `id` is
    None the rule is the one that the field's spelling broke. `field` is "" where the row as a whole is faulty.
    """

    id: str | None
    field: str
    faulty: str
    details: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None


def rules_for(
    source: SourceDescription, sheet: Sheet, fields: Mapping[str, FieldSql], edition: Edition, as_of: date | None
) -> list[Rule]:
    """Return the rules that rows of a sheet must keep.

    Args:
        source: what the sheet is; its table's facts in tables.yml are most of the rules.
        sheet: the sheet read.
        fields: its fields as matched; those that no column feeds have no rules but "required".
        edition: whose limits and first year hold.
        as_of: the day the data describe, None where it is not known yet.
    """
    if sheet.has_cells:
        width = len(sheet.headings)
        ragged = Rule("ragged_row", "", f"cells <> {width}", {"maximum": literal(str(width))})
        others = _field_rules(source, fields, edition, as_of)
        return [ragged, *(replace(rule, faulty=f"cells = {width} AND ({rule.faulty})") for rule in others)]
    return list(_field_rules(source, fields, edition, as_of))


def _field_rules(
    source: SourceDescription, fields: Mapping[str, FieldSql], edition: Edition, as_of: date | None
) -> Iterator[Rule]:
    fed = {name for name, item in fields.items() if item.raw != "NULL"}
    for name, facts in source.fields.items():
        column = quoted(name)
        if name not in fed:
            if facts.get("required"):
                yield Rule("required", name, "TRUE")
            continue
        if fields[name].fault != "NULL":
            fault = quoted(f"fault {name}")
            yield Rule(None, name, f"{fault} IS NOT NULL")
            if facts.get("required"):
                yield Rule("required", name, f"{column} IS NULL AND {fault} IS NULL")
        elif facts.get("required"):
            yield Rule("required", name, f"{column} IS NULL")
        yield from _bounds(name, facts, edition)
        if facts.get("observed"):
            yield from _observed(name, facts, edition, as_of)
        other = facts.get("not_before") or facts.get("part_of")
        if other in fed:
            rule, sign = ("end_before_start", "<") if "not_before" in facts else ("part_exceeds_whole", ">")
            yield Rule(rule, name, f"{column} {sign} {quoted(other)}", other=other)
    yield from _set_apart(fed)
    yield from _hours_of_a_day(fed, edition)
    yield from _regions_in_time(source, fed, edition)


def _bounds(name: str, facts: Mapping[str, Any], edition: Edition) -> Iterator[Rule]:
    for key, rule, sign, word in (("min", "below_limit", "<", "minimum"), ("max", "above_limit", ">", "maximum")):
        limit = facts.get(key)
        limit = edition.limits.get(limit) if isinstance(limit, str) else limit
        if limit is not None:
            yield Rule(rule, name, f"{quoted(name)} {sign} {limit}", {word: literal(str(limit))})


def _observed(name: str, facts: Mapping[str, Any], edition: Edition, as_of: date | None) -> Iterator[Rule]:
    year = f"year({quoted(name)})" if facts["type"] == "date" else quoted(name)
    first = literal(str(edition.first_year))
    yield Rule("before_first_year", name, f"{year} < {edition.first_year}", {"year": first})
    if as_of:
        last = f"DATE '{as_of}'" if facts["type"] == "date" else str(as_of.year)
        yield Rule("after_as_of", name, f"{quoted(name)} > {last}", {"date": literal(as_of.isoformat())})


def _set_apart(fed: set[str]) -> Iterator[Rule]:
    for name, rule in (("sent_twice_row", "sent_twice"), ("exclusion_reason", "excluded_by_steward")):
        if name in fed:
            yield Rule(rule, name, f"{name} IS NOT NULL")


def _hours_of_a_day(fed: set[str], edition: Edition) -> Iterator[Rule]:
    limit = edition.limits.get("hours_per_person_day")
    if limit and {"hours", "volunteers_count", "start_date"} <= fed:
        last = "GREATEST(COALESCE(end_date, start_date), start_date)"
        most = f"{limit} * volunteers_count * (date_diff('day', start_date, {last}) + 1)"
        yield Rule("more_than_a_day", "hours", f"hours > {most}", {"maximum": literal(str(limit))})


def _regions_in_time(source: SourceDescription, fed: set[str], edition: Edition) -> Iterator[Rule]:
    if is_dated_in_a_region(source, edition) and {"region_code", "start_date"} <= fed:
        yield Rule(
            "region_not_yet", "region_code", "start_date < region_from",
            {"code": "region_code", "before": "region_before", "date": "CAST(region_from AS VARCHAR)"},
        )  # fmt: skip
        yield Rule(
            "region_no_longer", "region_code", "start_date > region_to",
            {"code": "region_code", "date": "CAST(region_to AS VARCHAR)"},
        )  # fmt: skip


def is_dated_in_a_region(source: SourceDescription, edition: Edition) -> bool:
    """Return whether rows happened in a region on a day, and any region of the edition began or ended on a day."""
    regions = edition.dimensions["region"].members.values()
    dated = {"region_code", "start_date"} <= source.fields.keys()
    return dated and any(member.valid_from or member.valid_to for member in regions)
