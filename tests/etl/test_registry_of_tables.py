"""tables.yml and rules.yml say what the ETL relies on, in every language."""

import re
from pathlib import Path

import pytest

import etl
from etl.headings import _key
from etl.load import WAREHOUSE
from etl.pipeline import TABLES
from etl.texts import TYPES
from observatory import LANGUAGES
from observatory.editions import load_edition
from observatory.registry import registry
from observatory.registry_faults import placeholders

RULES = registry().rules
FIELDS = {(table, name): field for table, facts in registry().tables.items() for name, field in facts["fields"].items()}
SAID = {
    "value", "column", "minimum", "maximum", "other", "other_value", "suggestion", "candidates", "code", "before",
    "date", "year", "rows", "limit", "unit", "kind", "size", "row", "columns", "line", "times", "at", "suggested",
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_said_in_every_language_with_the_same_parts(rule):
    marks, sentences = {"notice", "names_field"}, {"message", "remedy", "remedy_without"}
    assert {"message", "remedy"} <= RULES[rule].keys() <= sentences | marks
    assert all(RULES[rule][mark] is True for mark in marks & RULES[rule].keys())
    for sentence in (RULES[rule][name] for name in sentences & RULES[rule].keys()):
        assert sentence.keys() == set(LANGUAGES)
        parts = {language: placeholders(text) for language, text in sentence.items()}
        assert len({frozenset(names) for names in parts.values()}) == 1, parts
        assert parts["en"] <= SAID


def test_every_rule_is_used_and_every_rule_used_is_said():
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in Path(etl.__path__[0]).rglob("*.py")
        if "demonstration" not in path.parts
    )
    used = {rule for rule in RULES if re.search(rf"[\"']{rule}[\"']", code)}
    assert used == set(RULES)


@pytest.mark.parametrize("table", TABLES)
def test_no_heading_of_a_table_stands_for_two_fields(table):
    seen: dict[str, str] = {}
    for name, field in registry().tables[table]["fields"].items():
        for heading in (name, *(heading for headings in field["headings"].values() for heading in headings)):
            assert seen.setdefault(_key(heading), name) == name, heading


@pytest.mark.parametrize(("table", "name"), FIELDS, ids="-".join)
def test_a_field_has_a_type_headings_in_every_language_and_sound_facts(table, name):
    field = FIELDS[table, name]
    assert field["type"] in TYPES
    assert field["headings"].keys() == set(LANGUAGES)
    assert all(field["headings"].values())
    if field["type"] == "code":
        assert ("dimension" in field) != ("codes" in field)
        assert "codes" in field or field["dimension"] in load_edition("kazakhstan").dimensions
    for key in ("not_before", "part_of"):
        assert field.get(key, name) in registry().tables[table]["fields"]
    for key in ("references", "feeds"):
        if key in field:
            assert tuple(field[key].split(".")) in FIELDS


def test_tables_of_the_registry_are_those_of_the_warehouse():
    assert tuple(registry().tables) == TABLES == tuple(WAREHOUSE)
    for table, columns in WAREHOUSE.items():
        fields = registry().tables[table]["fields"]
        kept = [name for name, field in fields.items() if not {"feeds", "serves"} & field.keys()]
        assert kept == list(columns)
        assert {*registry().tables[table]["key"], *registry().tables[table]["unnumbered"]} <= set(columns)
