"""Rows with one key: the later delivery stands, and where nothing orders them neither does."""

from datetime import date

from tests.etl.conftest import ACTIVITIES, table

FIRST = """
    number | company | date       | hours
    1      | Үміт    | 2024-05-01 | 10
    2      | Үміт    | 2024-05-02 | 20
"""
CORRECTION = """
    number | company | date       | hours
    2      | Үміт    | 2024-05-02 | 25
"""


def test_a_later_delivery_supersedes_row_by_row(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_2024-07-01.csv", table(CORRECTION))
    found = desk.load()
    assert found.rows("activity_id, hours") == [("1", 10), ("2", 25)]
    assert found.fates == [("activities_2024-06-01.csv", 2, 1, 0, 1), ("activities_2024-07-01.csv", 1, 1, 0, 0)]


def test_rows_of_one_delivery_with_one_key_are_all_rejected_and_name_each_other(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST + CORRECTION.split("\n", 2)[2]))
    found = desk.load()
    assert found.rows("activity_id") == ["1"]
    assert found.rejects == [(3, "duplicate_key"), (4, "duplicate_key")]
    others = found.rows("row, details->'rows'->0->>'row'", of="reject")
    assert others == [(3, "4"), (4, "3")]


def test_deliveries_of_one_day_or_of_no_day_have_no_order(desk):
    for names in (
        ("activities_a_2024-06-01.csv", "activities_b_2024-06-01.csv"),
        ("activities_a.csv", "activities_b.csv"),
    ):
        for path in desk.files.iterdir():
            path.unlink()
        desk.put(names[0], table(FIRST))
        desk.put(names[1], table(CORRECTION))
        found = desk.load()
        assert found.rows("activity_id") == ["1"]
        assert [rule for _, rule in found.rejects] == ["duplicate_key", "duplicate_key"]


def test_a_faulty_row_supersedes_nothing(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_2024-07-01.csv", table(CORRECTION.replace("25", "-25")))
    found = desk.load()
    assert found.rows("activity_id, hours") == [("1", 10), ("2", 20)]
    assert found.rejects == [(2, "below_limit")]


def test_a_row_that_two_corrections_of_one_day_contradict_stays(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_a_2024-07-01.csv", table(CORRECTION))
    desk.put("activities_b_2024-07-01.csv", table(CORRECTION.replace("25", "26")))
    found = desk.load()
    assert found.rows("activity_id, hours") == [("1", 10), ("2", 20)]
    assert [rule for _, rule in found.rejects] == ["duplicate_key", "duplicate_key"]


def test_one_number_used_by_two_companies_is_found_and_nothing_superseded(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_2024-07-01.csv", table(CORRECTION.replace("Үміт", "Әлем")))
    found = desk.load()
    assert found.rows("activity_id") == ["1"]
    assert [rule for _, rule in found.rejects] == ["number_used_twice", "number_used_twice"]


def test_a_description_may_number_rows_by_company(desk):
    desk.describe(ACTIVITIES, creates=["company"], key=["company_id", "activity_id"])
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_2024-07-01.csv", table(CORRECTION.replace("Үміт", "Әлем")))
    found = desk.load()
    assert found.rows("hours") == [10, 20, 25]


def test_rows_without_a_number_are_known_by_what_they_tell(desk):
    rows = """
        company | date       | title   | hours
        Үміт    | 2024-05-01 | Сенбілік | {hours}
        Үміт    | 2024-05-08 | Сенбілік | 8
    """
    desk.put("activities_2024-06-01.csv", table(rows.format(hours=5)))
    desk.put("activities_2024-07-01.csv", table(rows.format(hours=6)))
    found = desk.load()
    assert found.rows("start_date, hours") == [(date(2024, 5, 1), 6), (date(2024, 5, 8), 8)]
    assert found.rejects == []


def test_rows_without_a_number_that_differ_in_anything_are_different_rows(desk):
    desk.put("activities.csv", table("""
        company | date       | hours
        Үміт    | 2024-05-01 | 5
        Үміт    | 2024-05-01 | 8
        Үміт    | 2024-05-02 | 5
        Үміт    | 2024-05-02 | 5
    """))  # fmt: skip
    found = desk.load()
    assert found.rows("hours") == [5, 8]
    assert found.rejects == [(4, "duplicate_key"), (5, "duplicate_key")]


def test_the_same_bytes_under_two_names_count_once(desk):
    desk.put("activities_a.csv", table(FIRST))
    desk.put("activities_b.csv", table(FIRST))
    found = desk.load()
    assert found.rows("activity_id") == ["1", "2"]
    assert found.fates == [("activities_a.csv", 2, 2, 0, 0), ("activities_b.csv", 2, 0, 0, 2)]


def test_loaded_rejected_and_superseded_are_all_that_was_read(listed):
    listed.put("activities_2024-06-01.csv", table(FIRST + "    3 | Үміт | вчера | 1\n    1 | Үміт | 2024-05-01 | 9\n"))
    listed.put("activities_2024-07-01.csv", table(CORRECTION))
    for file, read, loaded, rejected, superseded in listed.load().fates:
        assert loaded + rejected + superseded == read, file
