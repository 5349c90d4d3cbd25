"""Editions: what Kazakhstan's facts say, how codes hang together, and how faults in an edition are told."""

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import shapely
import yaml
from hypothesis import given
from hypothesis import strategies as st

from observatory import TOTAL
from observatory.dimensions import Dimension, Member
from observatory.edition_faults import faults
from observatory.editions import edition_ids, load_edition
from observatory.errors import EditionError, Message
from observatory.fact_files import folded
from observatory.registry import registry

LANGUAGES = ("kk", "ru", "en", "ar")


@pytest.fixture(scope="module")
def kazakhstan():
    return load_edition("kazakhstan")


# What Kazakhstan's facts say


@pytest.mark.parametrize("edition", edition_ids())
def test_an_edition_that_ships_has_no_fault(edition):
    assert [str(fault) for fault in faults(load_edition(edition).folder)] == []


def test_kazakhstan_is_the_edition_that_opens_by_itself(monkeypatch):
    monkeypatch.delenv("ASAR_EDITION", raising=False)
    assert load_edition().id == "kazakhstan"


def test_the_environment_may_name_another_edition(monkeypatch):
    monkeypatch.setenv("ASAR_EDITION", "mars")
    with pytest.raises(EditionError):
        load_edition()


def test_kazakhstan_has_twenty_regions_in_six_macro_regions(kazakhstan):
    region = kazakhstan.dimensions["region"]
    assert len(region.cut("region")) == 20
    assert len(region.cut("macro")) == 6
    assert [code for code in region.leaves if region.members[code].extras["is_city"] == "true"] == [
        "KZ-71", "KZ-75", "KZ-79",
    ]  # fmt: skip


def test_comparable_regions_are_the_seventeen_units_of_2020(kazakhstan):
    region = kazakhstan.dimensions["region"]
    comparable = region.cut("comparable")
    assert len(comparable) == 17
    pairs = {code: set(region.children(code)) for code in comparable if region.level_of(code) == "comparable"}
    assert pairs == {"KZ-C63": {"KZ-63", "KZ-10"}, "KZ-C19": {"KZ-19", "KZ-33"}, "KZ-C35": {"KZ-35", "KZ-62"}}


def test_the_reform_of_2022_made_three_regions_and_moved_none_to_another_macro_region(kazakhstan):
    region = kazakhstan.dimensions["region"]
    new = {code: member for code, member in region.members.items() if member.valid_from}
    assert {code: member.extras["before_code"] for code, member in new.items()} == {
        "KZ-10": "KZ-63", "KZ-33": "KZ-19", "KZ-62": "KZ-35",
    }  # fmt: skip
    for code, member in new.items():
        assert member.valid_from == date(2022, 6, 8)
        assert region.ancestors(code)[1:] == region.ancestors(member.extras["before_code"])[1:]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Нур-Султан", "KZ-71"), ("нұр-сұлтан", "KZ-71"), ("NUR-SULTAN", "KZ-71"), ("г.Астана", "KZ-71"),
        ("Южно-Казахстанская", "KZ-61"), ("ЮКО", "KZ-61"), ("Туркестанская обл.", "KZ-61"),
        ("ВКО", "KZ-63"), ("СКО", "KZ-59"), ("ЗКО", "KZ-27"), ("Западный Казахстан", "KZ-27"),
        ("Алматинская обл", "KZ-19"), ("Алматы облысы", "KZ-19"), ("Almaty region", "KZ-19"),
        ("г. Алматы", "KZ-75"), ("Almaty city", "KZ-75"), ("Алма-Ата", "KZ-75"),
        ("Qaraghandy", "KZ-35"), ("Karaganda", "KZ-35"), ("Қарағанды  облысы", "KZ-35"),
        ("область Абай", "KZ-10"), ("Жетысу", "KZ-33"), ("Кустанайская область", "KZ-39"), ("أتيراو", "KZ-23"),
    ],
)  # fmt: skip
def test_regions_are_understood_as_people_type_them(kazakhstan, spelling, code):
    assert kazakhstan.dimensions["region"].spellings[folded(spelling)] == (code,)


@pytest.mark.parametrize("spelling", ["Алматы", "Almaty", "ألماتي"])
def test_almaty_alone_may_be_the_city_or_the_region(kazakhstan, spelling):
    assert kazakhstan.dimensions["region"].spellings[folded(spelling)] == ("KZ-19", "KZ-75")


def test_every_code_is_found_by_its_name_in_every_language(kazakhstan):
    for dimension in kazakhstan.dimensions.values():
        for member in dimension.members.values():
            for name in member.names.values():
                found = dimension.spellings[folded(name)]
                assert len(found) == 1
                assert found[0] in (member.code, *dimension.ancestors(member.code)), name


def test_a_section_counts_in_its_group_and_has_no_cells_of_its_own(kazakhstan):
    sector = kazakhstan.dimensions["sector"]
    sections = [code for code, member in sector.members.items() if member.level == "section"]
    assert sections == list("ABCDEFGHIJKLMNOPQRSTU")
    assert sector.ancestors("P") == ("public_services", TOTAL)
    assert {sector.ancestors(code)[0] for code in sections} == set(sector.leaves)


def test_a_group_names_the_sections_it_holds(kazakhstan):
    sector = kazakhstan.dimensions["sector"]
    for group in sector.leaves:
        held = {code for code, member in sector.members.items() if member.parent_code == group}
        assert set(sector.members[group].extras["oked"].split("|")) == held


def test_size_classes_leave_no_headcount_out_and_none_in_two(kazakhstan):
    size = kazakhstan.dimensions["size"]
    for level in ("fine", "legal"):
        bounds = [size.members[code].extras for code in size.cut(level)]
        assert bounds[0]["min_headcount"] == "1"
        assert bounds[-1]["max_headcount"] == ""
        for lower, upper in zip(bounds, bounds[1:], strict=False):
            assert int(lower["max_headcount"]) + 1 == int(upper["min_headcount"])


def test_themes_stand_in_their_order_with_sub_themes_of_their_own(kazakhstan):
    theme = kazakhstan.dimensions["theme"]
    assert theme.cut("theme") == ("social", "emergency", "ecology")
    for code in theme.cut("theme"):
        assert 4 <= len(theme.children(code)) <= 6


def test_regions_and_sections_give_the_same_number_of_employed_persons_each_year(kazakhstan):
    def total(dimension, year):
        return sum(value.value for value in kazakhstan.frame if (value.dimension, value.year) == (dimension, year))

    assert {year: total("region", year) for year in range(2022, 2026)} == {
        2022: 8_971_539, 2023: 9_081_920, 2024: 9_214_184, 2025: 9_320_639,
    }  # fmt: skip
    assert all(total("region", year) == total("sector", year) for year in range(2022, 2026))


def test_a_label_stands_inside_its_region(kazakhstan):
    facts, region = kazakhstan.map, kazakhstan.dimensions["region"]
    features = json.loads((kazakhstan.folder / facts.file).read_text(encoding="utf-8"))["features"]
    shapes = {feature["properties"][facts.key]: shapely.geometry.shape(feature["geometry"]) for feature in features}
    for row in csv.DictReader(io.StringIO((kazakhstan.folder / facts.labels).read_text(encoding="utf-8"))):
        point = shapely.Point(float(row["longitude"]), float(row["latitude"]))
        if row["code"] == "KZ-M6":  # the three cities stand beside the country, as one circle
            assert not shapely.union_all(list(shapes.values())).contains(point)
            continue
        below = [code for code in shapes if row["code"] in region.ancestors(code)]
        assert shapely.union_all([shapes[code] for code in below]).contains(point), row["code"]


def test_the_numbers_that_rules_need_are_in_the_edition(kazakhstan):
    fields = [field for table in registry().tables.values() for field in table["fields"].values()]
    named = {field[end] for field in fields for end in ("min", "max") if isinstance(field.get(end), str)}
    assert named <= set(kazakhstan.limits)


def test_an_edition_uses_every_indicator_that_it_lists_once(kazakhstan):
    ids = [indicator.id for indicator in kazakhstan.indicators]
    assert len(ids) == len(set(ids))


# How codes hang together


def dimension(*codes: tuple[str, str, str], levels: tuple[str, ...]) -> Dimension:
    """A dimension from (code, level, parent)."""
    members = {
        code: Member(code, level, parent, order, None, None, {}, {}, (), (), {})
        for order, (code, level, parent) in enumerate(codes)
    }
    return Dimension("region", levels, members)


def test_a_cut_takes_each_leaf_at_its_highest_level_that_is_fine_enough():
    region = dimension(
        ("N", "macro", "_T"), ("S", "macro", "_T"), ("old", "comparable", "N"),
        ("a", "region", "old"), ("b", "region", "old"), ("c", "region", "N"), ("d", "region", "S"),
        levels=("region", "comparable", "macro"),
    )  # fmt: skip
    assert region.cut("region") == ("a", "b", "c", "d")
    assert region.cut("comparable") == ("old", "c", "d")
    assert region.cut("macro") == ("N", "S")
    assert region.ancestors("a") == ("a", "old", "N", "_T")
    assert region.children("N") == ("old", "c")
    assert region.children("_T") == ("N", "S")


def test_not_stated_is_a_leaf_under_everything():
    region = dimension(("a", "region", "_T"), levels=("region",))
    assert region.ancestors("_U") == ("_U", "_T")
    assert region.ancestors("_T") == ("_T",)
    assert region.level_of("_U") == "region"


def test_a_dimension_that_an_edition_does_not_have_has_only_the_total():
    form = Dimension("form", (), {})
    assert form.leaves == ()
    assert form.ancestors("_U") == ("_U", "_T")
    assert form.level_of("_U") == "_T"


@st.composite
def trees(draw):
    """Codes of levels l0 (finest) to l3, each under a coarser one or under everything."""
    codes: list[tuple[str, str, str]] = []
    for number in range(draw(st.integers(1, 12))):
        above = [(code, level) for code, level, _ in codes if level != "l0"] + [("_T", "l4")]
        parent, upper = draw(st.sampled_from(above))
        level = f"l{draw(st.integers(0, int(upper[1]) - 1))}"
        codes.append((f"c{number}", level, parent))
    return dimension(*codes, levels=("l0", "l1", "l2", "l3"))


@given(trees(), st.sampled_from(("l0", "l1", "l2", "l3")))
def test_every_cut_holds_each_leaf_once(tree, level):
    cut = tree.cut(level)
    for leaf in tree.leaves:
        assert len([code for code in tree.ancestors(leaf) if code in cut]) == 1
    assert len(set(cut)) == len(cut)


# How faults are told

REGIONS = """
    code | level  | parent_code | order | valid_from | valid_to   | name_en    | aliases      | ambiguous
    N    | macro  | _T          | 1     |            |            | North      |              |
    a    | region | N           | 2     |            |            | Abai       | Semey        | City
    b    | region | N           | 3     | 2022-06-08 | 2030-01-01 | Beineu     | Beyneu, west | City
"""
EVENTS = """
    event_id | date       | theme_code | on_trends | name_en | source | link
    flood    | 2024-03-27 |            | true      | Floods  | press  |
"""
FRAME = """
    region | year | employed_thousand
    a      | 2024 | 1.5
    b      | 2024 | 2.25
    all    | 2024 | 3.75
"""
TARGETS = """
    indicator       | year | value | unit  | baseline_year | baseline_value | source_date | link | source_en
    volunteer_hours | 2027 | 500   | hours | 2024          | 300            | 2024-01-31  |      | A roadmap
"""
LABELS = """
    code | longitude | latitude | place
    a    | 61        | 51       |
    b    | 63        | 51       | left
"""
FACTS = {
    "id": "small",
    "name": {"en": "Small"},
    "country": {"en": "Small"},
    "languages": ["en"],
    "default_language": "en",
    "currency": "KZT",
    "first_year": 2020,
    "licence": "CC BY 4.0",
    "keep_snapshots": 3,
    "reject_share_limit": 0.5,
    "dimensions": {"region": {"file": "regions.csv", "levels": ["region", "macro"]}},
    "map": {
        "file": "regions.geojson", "key": "code", "labels": "labels.csv", "attribution": {"en": "ours"},
        "longitude": [60, 64], "latitude": [50, 52], "parallels": [50, 52], "centre_longitude": 62,
    },
    "frame": [
        {
            "measure": "employed_persons", "dimension": "region", "file": "frame.csv", "code": "region",
            "value": "employed_thousand", "multiply": 1000, "total": "all", "source": "bns_employed",
        }
    ],
    "limits": {"hours_per_person_day": 24},
    "indicators": ["volunteer_hours"],
}  # fmt: skip


def as_csv(table: str) -> str:
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([cell.replace(", ", "|") for cell in row] for row in rows)
    return out.getvalue()


def write_edition(
    folder: Path, *, facts=FACTS, regions=REGIONS, events=EVENTS, frame=FRAME, labels=LABELS, targets=""
) -> Path:
    """Write a small edition of two regions, some of its files replaced."""
    square = [[60, 50], [60, 52], [62, 52], [62, 50], [60, 50]]
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [square]}}
        for code in ("a", "b")
    ]
    (folder / "edition.yml").write_text(yaml.safe_dump(facts), encoding="utf-8")
    (folder / "regions.csv").write_text(as_csv(regions), encoding="utf-8")
    (folder / "events.csv").write_text(as_csv(events), encoding="utf-8")
    if targets:
        (folder / "targets.csv").write_text(as_csv(targets), encoding="utf-8")
    (folder / "frame.csv").write_text(as_csv(frame), encoding="utf-8")
    (folder / "labels.csv").write_text(as_csv(labels), encoding="utf-8")
    (folder / "regions.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")
    thresholds = {"low_base_contributors": 10, "contributors_min": 5, "p_percent": 10, "depth_max": 3}
    (folder / "thresholds.yml").write_text(yaml.safe_dump(thresholds), encoding="utf-8")
    return folder


def said(folder: Path) -> list[str]:
    return [str(fault) for fault in faults(folder)]


def test_a_small_edition_needs_no_python(tmp_path):
    edition = load_edition(write_edition(tmp_path, targets=TARGETS))
    assert edition.id == "small"
    assert edition.dimensions["region"].cut("region") == ("a", "b")
    assert edition.dimensions["region"].spellings["west"] == ("b",)
    assert edition.dimensions["theme"].levels == ()
    assert [(value.code, value.year, value.value) for value in edition.frame] == [("a", 2024, 1500), ("b", 2024, 2250)]
    assert [event.name["en"] for event in edition.events] == ["Floods"]
    assert [(goal.year, goal.value, goal.is_invented) for goal in edition.targets] == [(2027, 500, False)]


def test_an_edition_may_leave_the_bases_of_surveys_open_or_set_its_own(tmp_path):
    folder = write_edition(tmp_path)
    with (folder / "thresholds.yml").open("a", encoding="utf-8") as file:
        file.write("survey_base_low: 40\n")
    thresholds, usual = load_edition(folder).thresholds, registry().surveys["thresholds"]
    assert thresholds["survey_base_low"] == 40 != usual["survey_base_low"]
    assert thresholds["survey_base_hidden"] == usual["survey_base_hidden"]
    assert thresholds["survey_base_numbers"] == usual["survey_base_numbers"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("| Abai  ", "|   ",
         'regions.csv, row 3, column name_en: The name of "a" in this language is missing: write it.'),
        ("a    | region | N", "a    | region | M",
         'regions.csv, row 3, column parent_code: The code "M" is not in this file: '
         "add it, or write _T for the highest."),
        ("b    | region | N", "a    | region | N",
         'regions.csv, row 4, column code: The code "a" stands in row 3 already: give each its own.'),
        ("Semey", "Beineu",
         'regions.csv, row 4, column name_en: "Beineu" means "a" in row 3 too: keep it in one, '
         "or name it as ambiguous in both."),
        ("Semey", "CITY",
         'regions.csv, row 3, column aliases: "CITY" is said to be ambiguous in row 3: '
         "keep it in one of the two columns."),
        ("2022-06-08", "08.06.2022",
         'regions.csv, row 4, column valid_from: "08.06.2022" is not a date: '
         "write it as 2022-06-08, or leave it blank."),
        ("2030-01-01", "2020-01-01",
         "regions.csv, row 4, column valid_to: The validity ends before it begins: "
         "exchange the two dates or correct one."),
        ("N    | macro  | _T", "N    | macro  | a",
         "regions.csv, row 2, column parent_code: The code is its own ancestor: correct a parent of N, a."),
        ("a    | region | N", "a    | city | _T",
         'regions.csv, row 3, column parent_code: Neither the level "city" nor one above it has figures: '
         "name a parent that has."),
        ("b    | region | N", "b    | region | a",
         'regions.csv, row 4, column parent_code: The parent "a" has the level "region", '
         'which is not coarser than "region".'),
        ("valid_from |", "from |", "regions.csv, row 1, column valid_from: The column is missing: add it."),
        ("N    | macro", "_U    | macro",
         'regions.csv, row 2, column code: "_U" belongs to every dimension by itself: remove the row.'),
    ],
)  # fmt: skip
def test_a_fault_in_codes_names_row_column_and_remedy(tmp_path, old, new, fault):
    assert old in REGIONS
    assert fault in said(write_edition(tmp_path, regions=REGIONS.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"indicators": ["volunter_hours"]},
         'edition.yml, indicators: "volunter_hours" is not known: perhaps "volunteer_hours" is meant.'),
        ({"default_language": "kk"}, 'edition.yml, default_language: "kk" is not known: write one of en.'),
        ({"country": {"en": ""}}, "edition.yml, country: There is no text in language en: write it."),
        ({"curency": "KZT"}, 'edition.yml, curency: "curency" is not known: perhaps "currency" is meant.'),
        ({"limits": {"hours_per_person_day": "24 h"}},
         'edition.yml, hours_per_person_day: "24 h" is not a number: write it with digits alone.'),
        ({"dimensions": {**FACTS["dimensions"], "size": {"file": "sizes.csv", "levels": ["fine"]}}},
         "sizes.csv: The file is missing: add it."),
        ({"dimensions": {"region": {"file": "regions.csv", "levels": ["region", "pair", "macro"]}}},
         'regions.csv, level: No code has the level "pair" of edition.yml: correct one of the two.'),
    ],
)  # fmt: skip
def test_a_fault_in_edition_yml_names_its_key(tmp_path, change, fault):
    assert said(write_edition(tmp_path, facts={**FACTS, **change})) == [fault]


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"labels": LABELS + "c    | 63        | 51       |\n"},
         'labels.csv, row 4, column code: The label "c" belongs to no region: correct its code or add it.'),
        ({"labels": LABELS.replace("63", "93")},
         "labels.csv, row 3, column longitude: 93.0 lies outside the map, which reaches from 60 to 64: "
         "correct the label point."),
        ({"labels": LABELS.replace("left", "inside")},
         "labels.csv, row 3, column place: Write above, below, left or right, or leave it blank."),
        ({"labels": LABELS.replace("    b    | 63        | 51       | left\n", "")},
         'labels.csv, code: The region "b" has no label point: add one.'),
        ({"frame": FRAME.replace("3.75", "3.8")},
         "frame.csv, row 4, column employed_thousand: The parts of 2024 add up to 3.75, not to 3.8: "
         "correct one of them."),
        ({"frame": FRAME.replace("b      |", "c      |")},
         'frame.csv, row 3, column region: The code "c" is not known: write one of the dimension region.'),
        ({"events": EVENTS.replace("2024-03-27", "spring 2024")},
         'events.csv, row 2, column date: "spring 2024" is not a date: write it as 2022-06-08.'),
        ({"events": EVENTS.replace("press", "")}, "events.csv, row 2, column source: The text is missing: write it."),
        ({"targets": TARGETS.replace("volunteer_hours", "volunter_hours")},
         'targets.csv, row 2, column indicator: The edition does not use an indicator "volunter_hours": '
         "write one of those in edition.yml, such as volunteer_hours."),
        ({"targets": TARGETS.replace("| hours", "| thousand hours")},
         'targets.csv, row 2, column unit: The unit of this indicator is "hours", not "thousand hours": '
         "state the target in it."),
        ({"targets": TARGETS.replace("500", "half a million")},
         'targets.csv, row 2, column value: "half a million" is not a number: write it with digits alone.'),
        ({"targets": TARGETS.replace("2027", "0027")},
         "targets.csv, row 2, column baseline_year: The baseline is not before the year of the target: "
         "correct one of the two."),
        ({"targets": TARGETS.replace("300", "")},
         'targets.csv, row 2, column baseline_value: "" is not a number: write it with digits alone.'),
        ({"targets": TARGETS.replace("2024-01-31", "January")},
         'targets.csv, row 2, column source_date: "January" is not a date: write it as 2022-06-08.'),
        ({"targets": TARGETS.replace("A roadmap", "")},
         "targets.csv, row 2, column source_en: The text is missing: write it."),
        ({"targets": TARGETS.replace("link |", "address |")},
         "targets.csv, row 1, column link: The column is missing: add it."),
        ({"targets": TARGETS + TARGETS.strip().splitlines()[1] + "\n"},
         "targets.csv, row 3, column indicator: Row 2 sets a target for this indicator and year already: keep one."),
    ],
)  # fmt: skip
def test_a_fault_in_map_frame_events_or_targets_names_row_column_and_remedy(tmp_path, files, fault):
    assert said(write_edition(tmp_path, **files)) == [fault]


def test_boundaries_and_regions_must_match(tmp_path):
    folder = write_edition(tmp_path)
    text = (folder / "regions.geojson").read_text(encoding="utf-8")
    (folder / "regions.geojson").write_text(text.replace('"code": "b"', '"code": "z"'), encoding="utf-8")
    assert said(folder) == [
        'regions.geojson: The boundary "z" belongs to no region: correct its code or add it.',
        'regions.geojson: The region "b" has no boundary: add one.',
    ]


def test_thresholds_must_be_there(tmp_path):
    folder = write_edition(tmp_path)
    (folder / "thresholds.yml").write_text("p_percent: 0\ncontributors_min: 5\ndepth_max: 3\n", encoding="utf-8")
    assert said(folder) == [
        "thresholds.yml, low_base_contributors: The threshold is missing: write it.",
        'thresholds.yml, p_percent: "0" is not a number above zero.',
    ]


def test_an_edition_with_faults_is_refused_with_all_of_them(tmp_path):
    folder = write_edition(tmp_path, facts={**FACTS, "indicators": ["no_such"]}, events=EVENTS.replace("true", "yes"))
    with pytest.raises(EditionError) as error:
        load_edition(folder)
    assert len(error.value.faults) == 2
    assert str(error.value).count("\n") == 2


def test_a_wrong_name_is_answered_with_the_nearest():
    with pytest.raises(EditionError, match='no edition "kazahstan". The nearest is "kazakhstan"'):
        load_edition("kazahstan")


class Backwards:
    """Texts of a language that says every template backwards."""

    def say(self, template, **values):
        return f"<{template}>".format(**values)[::-1]


def test_a_fault_is_said_in_the_language_of_its_reader_place_and_sentence_alike(tmp_path):
    folder = write_edition(tmp_path, events=EVENTS.replace("press", ""))
    sentence = "<The text is missing: write it.>"[::-1]
    assert [fault.say(Backwards()) for fault in faults(folder)] == [
        f"<events.csv, row 2, column source: {sentence}>"[::-1]
    ]


def test_a_message_says_the_messages_within_it():
    outer = Message("Refused: {why}", why=Message("{count} faults", count=2))
    assert str(outer) == "Refused: 2 faults"
    assert outer.say(Backwards()) == "<Refused: >stluaf 2<>"[::-1]


def test_an_edition_may_be_copied_and_loaded_from_anywhere(tmp_path, kazakhstan):
    copy = shutil.copytree(kazakhstan.folder, tmp_path / "elsewhere")
    assert load_edition(copy).dimensions.keys() == kazakhstan.dimensions.keys()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"languages": "en"}, "edition.yml, languages: This must be a list: write [ ] round it."),
        ({"limits": 24}, "edition.yml, limits: This must hold keys: indent them below."),
        ({"dimensions": {"region": {"file": "regions.csv"}}},
         "edition.yml, dimensions.region: A dimension needs a file and a list of levels: write both."),
        ({"dimensions": {"regions": {}}},
         'edition.yml, dimensions: "regions" is not known: perhaps "region" is meant.'),
    ],
)  # fmt: skip
def test_an_edition_of_the_wrong_shape_is_a_fault_not_a_crash(tmp_path, change, fault):
    assert said(write_edition(tmp_path, facts={**FACTS, **change})) == [fault]


def test_a_file_of_codes_in_another_encoding_is_a_fault(tmp_path):
    folder = write_edition(tmp_path)
    (folder / "regions.csv").write_bytes(as_csv(REGIONS.replace("Abai ", "Абай ")).encode("cp1251"))
    assert said(folder)[0] == "regions.csv: The file is not written in UTF-8: save it so."


def test_an_empty_folder_has_one_fault(tmp_path):
    assert said(tmp_path) == ["edition.yml: The file is missing: add it."]


def test_what_is_stated_no_further_has_a_code_of_its_own_below_each_code_with_codes_below():
    theme = load_edition("kazakhstan").dimensions["theme"]
    assert theme.rests["ecology_U"] == "ecology"
    assert theme.counts_for("ecology") == ("ecology_U", "ecology", "_T")
    assert theme.counts_for("ecology_trees") == ("ecology_trees", "ecology", "_T")
    assert theme.level_of("ecology_U") == "subtheme"
    assert "ecology_U" not in theme.members
