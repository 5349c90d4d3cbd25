"""Meetings, conferences, field visits and trainings become rows of one table with the edition's own events."""

from datetime import date

import pytest

from etl.snapshot import build
from tests.etl.conftest import Desk, table

EVENTS = {"id": "events", "table": "event", "source": "event_list", "files": "events*"}
GOOD = """
    № | Вид     | Название         | Дата       | Окончание  | Регион    | Участников | Обучено | Метка на графике
    1 | форум      | Форум волонтёров     | 2024-04-18 | 2024-04-19 | г. Астана    | 240        |         | да
    2 | семинар    | Первая помощь        | 2024-05-02 |            | Атырау       | 30         | 28      | нет
    3 | выезд      |                      | 2024-06-11 |            |              |            |         |
"""


@pytest.fixture
def hall(tmp_path) -> Desk:
    """A desk that receives lists of events."""
    made = Desk(tmp_path)
    made.describe(EVENTS)
    return made


def held(outcomes, columns: str) -> list:
    return outcomes.rows(columns, of="event WHERE delivery_id IS NOT NULL")


def test_events_are_loaded_with_kind_dates_place_and_people(hall):
    hall.put("events_2024-07-01.csv", table(GOOD))
    found = hall.load()
    assert held(found, "event_id, kind_code, region_code, participants_count, trained_count, is_mark") == [
        ("1", "conference", "KZ-71", 240, None, True),
        ("2", "training", "KZ-23", 30, 28, False),
        ("3", "field_visit", None, None, None, None),
    ]
    assert held(found, "start_date, end_date")[0] == (date(2024, 4, 18), date(2024, 4, 19))
    assert found.fates == [("events_2024-07-01.csv", 3, 3, 0, 0)]


@pytest.mark.parametrize(
    ("headings", "row", "kind"),
    [
        ("Түрі | Күні | Қатысушылар саны | Оқытылғандар", "оқыту | 02.05.2024 | 30 | 28", "training"),
        ("Вид | Дата | Участников | Обучено", "тренинг | 02.05.2024 | 30 | 28", "training"),
        ("Kind | Date | Participants | People trained", "Workshop | 2024-05-02 | 30 | 28", "training"),
        ("النوع | التاريخ | عدد المشاركين | عدد المتدربين", "دورة تدريبية | 2024-05-02 | 30 | 28", "training"),
        ("Түрі | Күні | Қатысушылар саны | Оқытылғандар", "дөңгелек үстел | 02.05.2024 | 30 | 28", "meeting"),
        ("النوع | التاريخ | عدد المشاركين | عدد المتدربين", "زيارة ميدانية | 2024-05-02 | 30 | 28", "field_visit"),
    ],
)
def test_headings_and_kinds_are_understood_in_four_languages(hall, headings, row, kind):
    hall.put("events.csv", table(f"{headings}\n{row}"))
    assert held(hall.load(), "kind_code, start_date, participants_count, trained_count") == [
        (kind, date(2024, 5, 2), 30, 28)
    ]


@pytest.mark.parametrize(
    ("good", "faulty", "rule"),
    [
        ("| 28      |", "| 31      |", "part_exceeds_whole"),
        ("| 30         |", "| -30        |", "below_limit"),
        ("| 30         |", "| 300000     |", "above_limit"),
        ("| семинар    |", "| банкет     |", "unknown_code"),
        ("| 2024-05-02 |            |", "| 2024-05-02 | 2024-05-01 |", "end_before_start"),
        ("| 2024-05-02 |", "|            |", "required"),
        ("| 2024-05-02 |", "| 2018-05-02 |", "before_first_year"),
        ("| 2024-05-02 |", "| 2027-05-02 |", "after_as_of"),
        ("| 2024-05-02 |            | Атырау       |", "| 2021-05-02 |            | Семей        |", "region_not_yet"),
        ("| нет", "| иногда", "not_yes_or_no"),
    ],
)
def test_a_faulty_event_is_refused_and_the_others_load(hall, good, faulty, rule):
    assert good in GOOD
    hall.put("events_2024-07-01.csv", table(GOOD.replace(good, faulty)))
    found = hall.load()
    assert held(found, "event_id") == ["1", "3"]
    assert (3, rule) in found.rejects
    assert found.fates == [("events_2024-07-01.csv", 3, 2, 1, 0)]


def test_a_later_delivery_corrects_an_event_by_its_number(hall):
    hall.put("events_2024-07-01.csv", table(GOOD))
    hall.put("events_2024-08-01.csv", table(GOOD.replace("240", "265")))
    found = hall.load()
    assert held(found, "event_id, participants_count")[0] == ("1", 265)
    assert [fate[2:] for fate in found.fates] == [(0, 0, 3), (3, 0, 0)]


def test_an_event_without_a_number_is_known_by_what_it_tells(hall):
    rows = """
        Kind     | Title     | Date       | Participants
        training | First aid | 2024-05-02 | {people}
        training | First aid | 2024-05-09 | 25
    """
    hall.put("events_2024-07-01.csv", table(rows.format(people=30)))
    hall.put("events_2024-08-01.csv", table(rows.format(people=33)))
    found = hall.load()
    assert held(found, "start_date, participants_count") == [(date(2024, 5, 2), 33), (date(2024, 5, 9), 25)]
    assert [fate[2:] for fate in found.fates] == [(0, 0, 2), (2, 0, 0)]


def test_the_same_event_twice_in_one_file_is_refused_twice(hall):
    hall.put("events.csv", table("Kind | Date\ntraining | 2024-05-02\ntraining | 2024-05-02\nmeeting | 2024-05-02"))
    found = hall.load()
    assert held(found, "kind_code") == ["meeting"]
    assert found.rejects == [(2, "duplicate_key"), (3, "duplicate_key")]


def test_the_editions_own_events_stand_beside_those_delivered_without_a_delivery(hall):
    hall.put("events.csv", table(GOOD))
    found = hall.load()
    own = found.rows("event_id, kind_code, name_en, is_mark, start_date", of="event WHERE delivery_id IS NULL")
    assert ("floods_2024", "background", "Floods", True, date(2024, 3, 27)) in own
    assert len(own) == len(hall.edition.events)
    assert {kind for _, kind, *_ in own} == {"background"}


def test_a_list_of_events_alone_makes_a_snapshot_of_its_years(hall, tmp_path):
    hall.put("events_2024-07-01.csv", table(GOOD.replace("2024-04", "2022-04")))
    report = build(hall.edition, hall.files, tmp_path / "out", None, lambda what, done, of: None)
    assert report.is_publishable
    assert report.folder.name.startswith("2024-07-01-")


def test_the_same_lists_give_the_same_content(hall, tmp_path):
    hall.put("events_2024-07-01.csv", table(GOOD))
    first, second = (
        build(hall.edition, hall.files, tmp_path / name, None, lambda what, done, of: None).content_hash
        for name in ("one", "two")
    )
    assert first == second
