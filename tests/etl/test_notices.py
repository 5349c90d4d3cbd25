"""What is worth a look is pointed out: it is loaded, counted, and never refused."""

import json

import pytest

from etl import pipeline
from etl.read import FileNotice, read_file
from observatory.registry import registry
from tests.etl.conftest import ACTIVITIES, table

HERS = """
    number | company | date       | region | theme         | volunteers | hours | title
    A1     | Үміт    | 2024-05-01 | KZ-23  | ecology_trees | 3          | 10    | Сенбілік
    A2     | Үміт    | 2024-05-02 | KZ-23  | ecology_trees | 3          | 10    | Сенбілік
"""
THEIRS = """
    number | company | date       | region | theme         | volunteers | hours | title
    B7     | Үміт    | 2024-05-01 | KZ-23  | ecology_trees | 3          | 10    | Субботник
"""
NOTICED = "file, \"row\", rule, details->'rows'->0->>'file', details->'rows'->0->>'row'"


def test_one_record_in_the_files_of_two_senders_is_pointed_out_in_both(desk):
    desk.put("activities_a.csv", table(HERS))
    desk.put("activities_b.csv", table(THEIRS))
    found = desk.load()
    assert found.rows("activity_id") == ["A1", "A2", "B7"]
    assert found.rejects == []
    assert found.rows(NOTICED, of="notice") == [
        ("activities_a.csv", 2, "possible_duplicate", "activities_b.csv", "2"),
        ("activities_b.csv", 2, "possible_duplicate", "activities_a.csv", "2"),
    ]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Үміт", "Әлем"),
        ("2024-05-01", "2024-05-03"),
        ("KZ-23", "KZ-75"),
        ("ecology_trees", "ecology_water"),
        ("| 3 ", "| 4 "),
        ("| 10 ", "| 10.5 "),
        ("KZ-23", ""),
        ("| 10 ", "| "),
    ],
)
def test_records_that_differ_or_leave_something_open_are_not(desk, here, there):
    desk.put("activities_a.csv", table(HERS))
    desk.put("activities_b.csv", table(THEIRS.replace(here, there)))
    assert desk.load().rows("*", of="notice") == []


@pytest.mark.parametrize("gap", ["KZ-23", "ecology_trees", "| 3 ", "| 10 "])
def test_records_that_both_leave_something_open_are_not(desk, gap):
    desk.put("activities_a.csv", table(HERS.replace(gap, "| " if "|" in gap else "")))
    desk.put("activities_b.csv", table(THEIRS.replace(gap, "| " if "|" in gap else "")))
    assert desk.load().rows("*", of="notice") == []


def test_records_of_one_file_are_two_records(desk):
    desk.put("activities_a.csv", table(HERS.replace("2024-05-02", "2024-05-01")))
    assert desk.load().rows("*", of="notice") == []


def test_a_record_that_was_superseded_is_no_duplicate(desk):
    desk.put("activities_2024-06-01.csv", table(HERS))
    desk.put("activities_2024-07-01.csv", table(HERS.replace("| 10 ", "| 12 ")))
    desk.put("activities_b.csv", table(THEIRS))
    assert desk.load().rows("*", of="notice") == []


def test_work_of_an_ngo_alone_has_the_ngo_as_its_organiser(desk):
    desk.put("activities_a.csv", table(HERS.replace("company", "ngo")))
    desk.put("activities_b.csv", table(THEIRS.replace("company", "ngo")))
    assert len(desk.load().rows("*", of="notice")) == 2


def test_many_that_look_alike_name_only_a_few_others(desk):
    heading, first = (line.strip() for line in THEIRS.strip().splitlines())
    for sender in "ab":
        rows = (first.replace("B7", f"{sender}{number}") for number in range(40))
        desk.put(f"activities_{sender}.csv", table("\n".join((heading, *rows))))
    details = desk.load().rows("details", of="notice")
    assert len(details) == 80
    assert {len(json.loads(found)["rows"]) for found in details} == {5}


def test_a_reader_may_point_something_out_and_the_file_is_loaded(desk, monkeypatch):
    def with_a_notice(*arguments):
        sheets, faults = read_file(*arguments)
        return sheets, [*faults, FileNotice("possible_duplicate", sheet="Sheet 2", value="3")]

    monkeypatch.setattr(pipeline, "read_file", with_a_notice)
    desk.put("activities_a.csv", table(HERS))
    found = desk.load()
    assert found.loaded.refused == ()
    assert found.rows("activity_id") == ["A1", "A2"]
    noticed = found.rows('file, sheet, "row", value, rule', of="notice")
    assert noticed == [("activities_a.csv", "Sheet 2", None, "3", "possible_duplicate")]


def test_what_is_pointed_out_is_marked_as_such_in_the_rules(desk):
    desk.describe(ACTIVITIES, creates=["company"])
    desk.put("activities_a.csv", table(HERS))
    desk.put("activities_b.csv", table(THEIRS))
    rules = registry().rules
    assert all(rules[rule].get("notice") for rule in desk.load().rows("DISTINCT rule", of="notice"))
