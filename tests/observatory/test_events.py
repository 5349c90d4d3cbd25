"""Events: the ones of the reader's choice, by kind and year, in words, in a list, and as marks on trends."""

from dataclasses import replace
from datetime import date
from itertools import product

import duckdb
import pandas as pd
import pytest

from etl.load import ancestor_rows
from observatory.charts.look import Look
from observatory.charts.marks import Mark
from observatory.editions import Event
from observatory.exports import csv_bytes
from observatory.figures import Context, EventList, EventsHeld, MostEvents, Trend
from observatory.figures.marks import marks_of
from observatory.filters import Filters
from observatory.page.card import table as html_table
from observatory.queries import events, marks
from observatory.store import Store
from observatory.texts import texts
from tests.observatory.plotted import plotted
from tests.observatory.small_snapshot import publish, small_edition, table

EDITION = small_edition(comparable_before=2022)
CELLS = table("measure | period | value\nhours | 2020 | 1\nhours | 2024 | 1")
SENT = """
    id | kind        | title     | date       | region | theme | people | trained | mark
    1  | training    | First aid | 2020-03-01 | p      | t11   | 30     | 28      |
    2  | training    | First aid | 2023-05-02 | r1     | t1    | 20     |         |
    3  | conference  | Forum     | 2023-10-04 |        |       | 200    |         | true
    4  | meeting     |           | 2024-02-01 | r3     | t21   |        |         |
    5  | training    | Mentors   | 2024-06-01 | r2     | t12   | 40     | 40      | true
    6  | field_visit | Village   | 2024-07-01 | r4     |       | 9      |         | false
"""
OWN = "('floods', 'background', null, date '2024-03-27', null, null, null, null, null, true, null)"


def store_with(folder, sent: str = SENT, **facts: str) -> Store:
    """Return the store of a snapshot to which these events were delivered, beside one of the edition's own."""
    publish(folder, "s1", EDITION, CELLS, events_count=str(len(table(sent))), **facts)
    with duckdb.connect(str(folder / "s1" / "restricted.duckdb")) as connection:
        connection.execute("create table ancestor(dimension text, code text, ancestor_code text, ancestor_level text)")
        rows = [row for dimension in EDITION.dimensions.values() for row in ancestor_rows(dimension)]
        connection.executemany("insert into ancestor values (?, ?, ?, ?)", rows)
        connection.register("sent", table(sent))
        connection.execute(f"""
            create table event as
            select
                id as event_id, kind as kind_code, nullif(title, '') as title, cast("date" as date) as start_date,
                nullif(region, '') as region_code, nullif(theme, '') as theme_code,
                cast(nullif(people, '') as bigint) as participants_count,
                cast(nullif(trained, '') as bigint) as trained_count, cast(nullif(mark, '') as boolean) as is_mark,
                'd1' as delivery_id, cast(null as date) as end_date, cast(null as varchar) as place,
                cast(null as varchar) as organiser, cast(null as varchar) as source, cast(null as varchar) as link
            from sent;
            insert into event (event_id, kind_code, title, start_date, end_date, region_code, theme_code,
                participants_count, trained_count, is_mark, delivery_id) values {OWN}
        """)
    return Store(folder / "s1")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return store_with(tmp_path_factory.mktemp("events"))


def choice(years=(2020, 2024), **codes) -> Filters:
    return Filters(years=years, span=(2020, 2024), **codes)


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, "654321"),
        ({"years": (2023, 2023)}, "32"),
        ({"years": (2023, 2024), "region": ("r1",)}, "2"),
        ({"region": ("r1",)}, "521"),  # from 2020 on the pair of regions that were one
        ({"region": ("m2",)}, "64"),
        ({"region": ("_U",)}, "3"),
        ({"region": ("r3", "_U"), "years": (2023, 2024)}, "43"),
        ({"theme": ("t1",)}, "521"),
        ({"theme": ("t11", "t12")}, "51"),
        ({"theme": ("t1",), "region": ("m1",), "years": (2024, 2024)}, "5"),
        ({"sector": ("a",), "size": ("large",), "years": (2020, 2020)}, "1"),
    ],
)
def test_events_follow_years_region_and_theme_with_all_that_lies_below(store, chosen, found):
    assert "".join(events(store, EDITION, choice(**chosen)).rows.event_id) == found


def test_what_events_lack_is_set_aside_and_redrawn_regions_are_named(store):
    found = events(store, EDITION, choice(sector=("a",), size=("large",), region=("r1",), theme=("t1",)))
    assert found.set_aside == ("sector", "size")
    assert found.replaced == {"r1": "p"}


def test_a_sum_of_which_nothing_is_stated_is_empty_and_not_zero(store):
    found = events(store, EDITION, choice(years=(2024, 2024), theme=("t2",)))
    assert (found.participants, found.trained) == (None, None)
    assert found.by_kind_and_year.participants.isna().tolist() == [True]
    everything = events(store, EDITION, choice())
    assert (everything.participants, everything.trained) == (299, 68)


def test_counts_by_kind_and_year_equal_a_plain_count(store):
    sent = table(SENT)
    sent = sent.assign(year=sent.date.str[:4].astype(int), people=pd.to_numeric(sent.people).fillna(0))
    below = {
        (name, code): {row[1] for row in ancestor_rows(EDITION.dimensions[name]) if row[2] == code}
        for name in ("region", "theme")
        for code in (*EDITION.dimensions[name].members, "_U")
    }
    for region, theme in product(("", "m1", "m2", "r3", "_U"), ("", "t1", "t2", "t12", "_U")):
        rows = sent
        for name, code in (("region", region), ("theme", theme)):
            rows = rows[rows[name].replace("", "_U").isin(below[name, code])] if code else rows
        chosen = {name: (code,) for name, code in (("region", region), ("theme", theme)) if code}
        found = events(store, EDITION, choice(**chosen)).by_kind_and_year
        slow = rows.groupby(["year", "kind"]).agg(events=("id", "size"), people=("people", "sum"))
        found = found.fillna({"participants": 0}).set_index(["year", "kind_code"])
        assert {key: (row.events, row.participants) for key, row in found.iterrows()} == {
            key: (row.events, row.people) for key, row in slow.iterrows()
        }


@pytest.mark.parametrize(
    ("chosen", "found"),
    [({}, "53"), ({"region": ("m2",)}, "3"), ({"theme": ("t1",)}, "53"), ({"theme": "t2"}, "3")],
)
def test_marks_are_those_asked_for_and_one_of_no_region_or_theme_concerns_all(store, chosen, found):
    assert "".join(marks(store, EDITION, choice(**chosen)).event_id) == found


def test_a_snapshot_of_an_earlier_version_has_no_events(tmp_path):
    publish(tmp_path, "s1", EDITION, CELLS)
    found = events(Store(tmp_path / "s1"), EDITION, choice())
    assert found.rows.empty
    assert marks(Store(tmp_path / "s1"), EDITION, choice()).empty


def read_by(store, language: str = "en", events=(), **address: str) -> Context:
    span = (store.snapshot.first_year, store.snapshot.last_year)
    filters = Filters.from_address(address, EDITION, *span)
    return Context(
        store, replace(EDITION, events=events), filters, texts(language), Look(), "volunteer_hours", "region"
    )


def test_the_figure_says_events_participants_people_trained_and_the_years(store):
    view = EventsHeld().view(read_by(store))
    assert view.headline == "Events held in 2020–2024: 6. Participants: 299. People trained: 68"
    assert view.base == "Events with participants stated: 5 of 6"
    assert any("whoever was trained twice counts twice" in note for note in view.notes)


def test_what_nothing_is_stated_of_is_left_out_of_the_words(store):
    assert EventsHeld().view(read_by(store, theme="t2")).headline == "Events held in 2020–2024: 1"


def test_a_bar_a_year_is_as_long_as_there_were_events(store):
    bars = plotted(EventsHeld().view(read_by(store)).chart).data
    lengths = {(year, bar.name): x for bar in bars for year, x in zip(bar.y, bar.x, strict=True) if x}
    assert [round(sum(x for (y, _), x in lengths.items() if y == year)) for year in (0, 1, 2)] == [33, 67, 100]
    assert bars[0].name == "Trainings"


def test_the_list_holds_dates_titles_kinds_places_and_people_latest_first(store):
    view = EventList().view(read_by(store, years="2023~2024"))
    assert view.headline == "Latest event: Village, 1 July 2024"
    assert view.shown.iloc[1].tolist() == ["1 June 2024", "Mentors", "Training", "R2", "T12", "40", "40"]
    assert view.shown.iloc[2].tolist() == ["1 February 2024", "", "Meeting", "R3", "T21", "", ""]


def test_the_part_of_the_choice_that_events_lack_is_set_aside_in_words(store):
    notes = " ".join(EventsHeld().view(read_by(store, sector="a", size="large")).notes)
    assert "Not broken down by: Sector, Company size." in notes


def test_a_choice_without_events_names_the_filter_that_empties_it(store):
    view = EventsHeld().view(read_by(store, years="2020~2020", region="r3"))
    assert (view.state, view.remedy, view.chart) == ("empty", "region", None)


def test_the_page_leads_with_the_kind_that_most_are_of(store):
    assert MostEvents().view(read_by(store)).headline == "Meetings and trainings. Largest part: Trainings, 50%"


def test_events_are_shown_only_where_some_were_delivered(tmp_path, store):
    publish(tmp_path, "s1", EDITION, CELLS)
    assert not EventsHeld().fits(read_by(Store(tmp_path / "s1")))
    assert EventsHeld().fits(read_by(store))


def test_titles_are_shown_as_sent_and_never_become_markup(tmp_path):
    context = read_by(store_with(tmp_path, SENT.replace("Village", "<b>=1+1</b>").replace("Mentors", "=2+2")))
    view = EventList().view(context)
    assert view.shown.Title.tolist()[:2] == ["<b>=1+1</b>", "=2+2"]
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in html_table(view.shown, view.headline)
    assert b"'=2+2" in csv_bytes(view)


# Marks on trends


FLOODS = Event("floods", date(2024, 3, 27), "t1", dict.fromkeys(("kk", "ru", "en", "ar"), "Floods"), True, "press", "")


def marked(context: Context, by: str = "", codes=("_T",), years=(2020, 2024)):
    return marks_of(context, years, by, codes)


def test_own_events_come_first_and_then_the_latest_that_were_sent(store):
    found = marked(read_by(store, events=(replace(FLOODS, date=date(2020, 1, 1)),)))
    assert found.events == (Mark("2020", "Floods", "+1"), Mark("2024", "Mentors", "+1"), Mark("2023", "Forum", "+1"))
    assert found.notes == ("Marked: Floods (2020) · Forum (2023) · Mentors (2024).",)
    assert found.sources == (("Floods (1 January 2020)", "press"),)


def test_a_year_names_two_different_events_and_counts_the_rest(tmp_path):
    more = "".join(f"\n    {n} | meeting | {title} | 2024-11-0{n} | | | 9 | | true" for n, title in
                   ((7, "Talk"), (8, "Round table"), (9, "Talk")))  # fmt: skip
    found = marked(read_by(store_with(tmp_path, SENT.rstrip() + more)))
    assert found.events[0] == Mark("2024", "Talk and Round table +2", "+4")


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("A forum of volunteers of all the regions", "A forum of volunteers of all…"),
        ("x" * 40, "x" * 29 + "…"),
    ],
)
def test_a_long_title_is_cut(tmp_path, title, words):
    assert marked(read_by(store_with(tmp_path, SENT.replace("Mentors", title)))).events[0].words == words


def test_a_title_never_becomes_markup_of_a_chart(tmp_path):
    store = store_with(tmp_path, SENT.replace("Mentors", "<a href=x>M</a> & <b>"))
    view = Trend("volunteer_hours").view(read_by(store))
    printed = "".join(note.text for note in plotted(view.chart).layout.annotations)
    assert "&lt;a href=x&gt;M&lt;/a&gt; &amp; &lt;b&gt;" in printed.replace("<br>", " ")
    assert "<a" not in printed


@pytest.mark.parametrize(
    ("chosen", "by", "codes", "words"),
    [
        ({"theme": ("t2",)}, "", ("_T",), ["Forum"]),
        ({"theme": "t11"}, "", ("_T",), ["Floods", "Forum"]),
        ({"region": "r4"}, "", ("_T",), ["Floods", "Forum"]),
        ({}, "theme", ("t2",), ["Forum"]),
        ({}, "region", ("r1", "r3"), ["Floods and Mentors", "Forum"]),
    ],
)
def test_marks_follow_theme_and_region_of_chart_and_choice(store, chosen, by, codes, words):
    found = marked(read_by(store, events=(FLOODS,), **chosen), by, codes)
    assert sorted(mark.words for mark in found.events) == words


def test_what_marks_cannot_follow_is_said(store):
    assert marked(read_by(store, sector="a")).notes[-1] == "The marks do not follow the choice of: Sector."


def test_a_trend_lists_its_marks_below_and_in_the_alternative_text(tmp_path):
    view = Trend("volunteer_hours").view(read_by(store_with(tmp_path), events=(FLOODS,)))
    sentence = "Marked: Forum (2023) · Floods and Mentors (2024)."
    assert sentence in view.notes
    assert sentence in view.alt
    assert ("Floods (27 March 2024)", "press") in view.definitions


def test_without_events_nothing_is_marked(tmp_path):
    publish(tmp_path, "s1", EDITION, CELLS)
    assert marked(read_by(Store(tmp_path / "s1"))).events == ()
