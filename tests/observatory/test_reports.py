"""What a snapshot tells about its own making."""

import datetime

import duckdb
import pytest

from observatory import LANGUAGES
from observatory.access import product_for
from observatory.queries import deliveries, received, rejects, rejects_by_rule
from observatory.queries.reports import Received
from observatory.registry import registry
from observatory.rejects import say_column, say_rule
from observatory.store import current_store
from observatory.texts import texts
from tests.observatory.small_snapshot import publish, small_edition, table

CELLS = table("measure | period | value\nhours | 2024 | 1")
FILES = """
    insert into delivery values
        ('d1', 'activities', 'a.csv', 'x', '2025-01-01', 5, 3, 2, 0, 1, 'Note'),
        ('d2', 'activities', 'b.csv', 'y', '2026-01-01', 4, 3, 1, 0, 0, '');
    insert into reject values
        ('d1', 'a.csv', '', 3, 'region', 'Atlantis', 'unknown_code', '{"suggestion": "Atyrau"}'),
        ('d1', 'a.csv', '', 3, 'theme', 'x', 'unknown_code', '{}'),
        ('d1', 'a.csv', '', 2, 'hours', '-1', 'below_minimum', '{}'),
        ('d2', 'b.csv', 'Sheet', 9, 'region', 'Mu', 'unknown_code', '{}');
    create table refused_by_rule as
        select * from (values ('below_minimum', 1, 1), ('unknown_code', 2, 3)) as counted (rule, rows, rejects);
"""


@pytest.fixture
def store(tmp_path):
    publish(tmp_path, "s1", small_edition(), CELLS)
    with duckdb.connect(str(tmp_path / "s1" / "restricted.duckdb")) as connection:
        connection.execute(FILES)
    return current_store(tmp_path)


def test_deliveries_are_told_latest_first_and_their_rows_add_up(store):
    rows = deliveries(store)
    assert rows.file.tolist() == ["b.csv", "a.csv"]
    assert (rows.rows_loaded + rows.rows_rejected + rows.rows_superseded).tolist() == rows.rows_read.tolist()


def test_rejects_stand_in_the_order_of_their_files(store):
    rows = rejects(store)
    assert list(zip(rows.file, rows.row, rows.column_name, strict=True)) == [
        ("a.csv", 2, "hours"), ("a.csv", 3, "region"), ("a.csv", 3, "theme"), ("b.csv", 9, "region"),
    ]  # fmt: skip
    assert rows.source_id.unique().tolist() == ["activities"]


def test_rules_are_counted_by_rejects_and_by_rows(store):
    rows = rejects_by_rule(store)
    assert list(rows.itertuples(index=False, name=None)) == [("unknown_code", 3, 2), ("below_minimum", 1, 1)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_is_said_without_any_row(language):
    said = [say_rule(texts(language), rule) for rule in registry().rules]
    assert len(set(said)) == len(said)
    assert not [text for text in said if "{" in text or "…." in text]


def test_what_came_in_all_is_the_sum_of_the_deliveries(store):
    assert received(store) == Received(2, datetime.date(2026, 1, 1), 9, 6, 3, 0, 1)


def test_readers_are_handed_the_product_that_is_published(store):
    assert store.product == product_for()


@pytest.mark.parametrize(
    ("language", "rule", "column", "expected"),
    [
        ("en", "missing_column", "start_date", "Date (start_date)"),
        ("ru", "possible_duplicate", "activity_id", "Номер мероприятия (activity_id)"),
        ("ru", "not_a_number", "hours", "hours"),
        ("en", "missing_column", "whatever", "whatever"),
        ("en", "duplicate_key", None, None),
    ],
)
def test_a_column_is_named_as_sent_and_a_field_by_its_heading(language, rule, column, expected):
    assert say_column(texts(language), rule, column) == expected
