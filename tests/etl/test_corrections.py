"""What a later delivery changed in the rows it supersedes is said row by row and field by field."""

from tests.etl.conftest import cells_of, table

FIRST = """
    number | company | date       | region | volunteers | hours
    1      | Үміт    | 2024-05-01 | KZ-23  | 3          | 10
    2      | Үміт    | 2024-05-02 | KZ-75  | 4          | 20.5
    3      | Үміт    | 2024-05-03 |        | 5          | 30
"""
SECOND = """
    number | company | date       | region | volunteers | hours
    1      | Үміт    | 2024-05-01 | KZ-23  | 3          | 10
    2      | Үміт    | 2024-05-02 | KZ-71  | 4          | 25
    3      | Үміт    | 2024-05-03 | KZ-23  |            | 30
"""
CORRECTED = '"row", superseded_file, superseded_row, field, value_before, value_now'


def corrected(found) -> dict[str, tuple[int, int]]:
    """Rows that each delivery supersedes, saying the same and something else."""
    return {o.delivery.file: (o.rows_same, o.rows_changed) for o in found.loaded.outcomes}


def test_every_changed_field_is_named_with_what_it_was_and_is(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_2024-07-01.csv", table(SECOND))
    found = desk.load()
    old = "activities_2024-06-01.csv"
    assert found.rows(CORRECTED, of="correction") == [
        (3, old, 3, "hours", "20.50", "25.00"),
        (3, old, 3, "region_code", "KZ-75", "KZ-71"),
        (4, old, 4, "region_code", None, "KZ-23"),
        (4, old, 4, "volunteers_count", "5", None),
    ]
    assert corrected(found) == {old: (0, 0), "activities_2024-07-01.csv": (1, 2)}


def test_of_three_deliveries_each_is_compared_with_the_one_right_before_it(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_2024-07-01.csv", table(SECOND))
    desk.put("activities_2024-08-01.csv", table(SECOND.replace("25", "26")))
    found = desk.load()
    hours = found.rows("superseded_file, value_before, value_now", of="correction WHERE field = 'hours'")
    assert hours == [
        ("activities_2024-06-01.csv", "20.50", "25.00"),
        ("activities_2024-07-01.csv", "25.00", "26.00"),
    ]
    assert corrected(found)["activities_2024-08-01.csv"] == (2, 1)


def test_the_same_rows_in_a_file_of_another_kind_change_nothing(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    rows = ["\t".join([*row[:2], day(row[2]), *row[3:]]) for row in cells_of(FIRST)]
    desk.put("activities_2024-07-01.csv", "\n".join(reversed_but_first(rows)), encoding="utf-16")
    found = desk.load()
    assert found.rows("*", of="correction") == []
    assert corrected(found)["activities_2024-07-01.csv"] == (3, 0)


def day(text: str) -> str:
    """A day as it is written elsewhere."""
    year, _, rest = text.partition("-")
    return f"{rest[3:]}.{rest[:2]}.{year}" if rest else text


def reversed_but_first(rows: list[str]) -> list[str]:
    return [rows[0], *rows[:0:-1]]


def test_the_same_bytes_again_correct_nothing(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_2024-07-01.csv", table(FIRST))
    found = desk.load()
    assert corrected(found) == dict.fromkeys(corrected(found), (0, 0))


def test_rows_superseded_are_the_same_and_the_changed_ones(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_2024-07-01.csv", table(SECOND))
    desk.put("activities_a_2024-08-01.csv", table(SECOND.replace("25", "26")))
    desk.put("activities_b_2024-08-01.csv", table("number | company | date\n1 | Үміт | 2024-05-09"))
    found = desk.load()
    assert found.rejects == [(2, "duplicate_key"), (2, "duplicate_key")]
    superseded = sum(outcome.rows_superseded for outcome in found.loaded.outcomes)
    assert superseded == sum(map(sum, corrected(found).values())) == 5


def test_a_faulty_row_corrects_nothing(desk):
    desk.put("activities_2024-06-01.csv", table(FIRST))
    desk.put("activities_2024-07-01.csv", table(SECOND.replace("25", "-25")))
    found = desk.load()
    assert "hours" not in found.rows("field", of="correction")


def test_another_spelling_of_the_same_organisation_is_no_correction(listed):
    listed.put("activities_2024-06-01.csv", table("number | company | date\n1 | АО «Ақжол Мұнай» | 2024-05-01"))
    listed.put("activities_2024-07-01.csv", table("number | company | date\n1 | Akzhol | 2024-05-01"))
    assert corrected(listed.load())["activities_2024-07-01.csv"] == (1, 0)


def test_forms_and_registers_are_corrected_too(listed):
    form = "company code | year | headcount | volunteers\nC1 | 2024 | 100 | {volunteers}"
    listed.put("forms_2025-03-01.csv", table(form.format(volunteers=10)))
    listed.put("forms_2025-04-01.csv", table(form.format(volunteers=12)))
    listed.put("companies_2025-01-01.csv", table("company_id | name\nC1 | АО «Ақжол»"))
    for path in list(listed.files.glob("companies.csv")):
        path.rename(listed.files / "companies_2024-01-01.csv")
    found = listed.load()
    assert found.rows("table_name, field, value_before, value_now", of="correction") == [
        ("company", "aliases", "Akzhol", None),
        ("company", "bin", "012340000017", None),
        ("company", "name", "АО «Ақжол Мұнай»", "АО «Ақжол»"),
        ("company", "sector_code", "B", None),
        ("company", "size_code", "large_1001", None),
        ("company_year", "volunteers", "10", "12"),
    ]
