"""Look: contrasts as measured, one palette in charts, theme and style sheet, words that fit."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.charts.classes import class_index, class_limits, grid_steps
from observatory.charts.look import (
    DARK,
    LIGHT,
    STAGE,
    THEMES,
    Look,
    contrast,
    right_to_left,
)
from observatory.charts.placing import placed_heads, spread
from observatory.charts.text_width import text_width, wrapped

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
STYLE = (ROOT / "observatory" / "style.css").read_text("utf-8")


@pytest.mark.parametrize("theme", THEMES)
def test_words_reach_four_and_a_half_and_marks_three(theme):
    tokens = THEMES[theme]
    for ground in (tokens.card, tokens.page):
        assert min(contrast(colour, ground) for colour in (tokens.ink, tokens.muted, tokens.accent)) >= 4.5
        assert (
            min(contrast(colour, ground) for colour in (tokens.edge, tokens.social, tokens.emergency, tokens.ecology))
            >= 3.0
        )
    assert contrast(tokens.demonstration, tokens.demonstration_ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_on_classes_are_readable(theme):
    tokens = THEMES[theme]
    pairs = [
        *zip(tokens.classes, tokens.on_classes, strict=True),
        *zip(tokens.diverging, tokens.on_diverging, strict=True),
    ]
    assert min(contrast(ground, ink) for ground, ink in pairs) >= 4.5


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (LIGHT.accent, LIGHT.card, 6.3),
        (LIGHT.muted, LIGHT.page, 6.6),
        (DARK.accent, DARK.card, 7.6),
        (DARK.muted, DARK.page, 8.9),
        (STAGE.muted, STAGE.card, 10.4),
        ("#FFFFFF", "#000000", 21.0),
    ],
)
def test_contrast_is_measured_as_wcag_defines_it(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.05)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(("theme", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_streamlit_wears_the_same_colours(theme, tokens):
    worn = CONFIG["theme"][theme]
    assert (
        worn["primaryColor"],
        worn["backgroundColor"],
        worn["secondaryBackgroundColor"],
        worn["textColor"],
        worn["borderColor"],
        worn["grayTextColor"],
    ) == (tokens.accent, tokens.page, tokens.card, tokens.ink, tokens.rule, tokens.muted)


def test_the_style_sheet_wears_the_same_colours_in_both_themes():
    pairs = re.findall(r"--([a-z-]+): light-dark\((#\w{6}), (#\w{6})\)", STYLE)
    assert {"card", "ink", "muted", "rule", "edge", "accent", "demonstration"} <= {name for name, _, _ in pairs}
    for name, light, dark in pairs:
        token = name.replace("-", "_")
        assert (light, dark) == (getattr(LIGHT, token), getattr(DARK, token)), name


def test_the_style_sheet_holds_no_angle_bracket():
    assert "<" not in STYLE  # the browser's sanitiser would drop the whole sheet without a word


def test_nothing_is_fetched_from_another_machine():
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["server"]["enableStaticServing"] is True
    assert not re.search(r"https?://|@import", STYLE)
    for face in CONFIG["theme"]["fontFaces"]:
        assert (ROOT / face["url"].removeprefix("app/")).is_file(), face["url"]
    assert (ROOT / "static" / "topojson" / "world_110m.json").is_file()


@pytest.mark.parametrize("letter", "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁёЩщ₸ضعة−–")
def test_every_letter_of_our_languages_has_a_font_file(letter):
    spans = [span for face in CONFIG["theme"]["fontFaces"] for span in face["unicodeRange"].split(",")]
    limits = [(span.strip()[2:].split("-") * 2)[:2] for span in spans]
    assert any(int(low, 16) <= ord(letter) <= int(high, 16) for low, high in limits)


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        # measured in Chromium with the fonts of static/fonts at 100 px
        ("Mining and energy", 886),
        ("Мемлекеттік басқару", 1024),
        ("Обрабатывающая промышленность", 1779),
        ("412 thousand", 645),
        ("Өңдеу өнеркәсібі", 841),
        ("المعلومات والاتصالات", 882),
        ("الحوكمة والجودة", 628),
    ],
)
def test_measured_words_are_not_wider_than_we_think(text, pixels):
    assert pixels * 0.99 <= text_width(text, 100) <= pixels * 1.2


@given(st.text(alphabet="абвг где-жз/", max_size=60), st.floats(20, 300))
def test_wrapping_loses_no_letter_and_keeps_to_the_width_where_a_word_allows(text, width):
    lines = wrapped(text, width, 13)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert text_width(line, 13) <= width + 1e-6 or len(re.split(r"(?<=[-/])| ", line.strip("-/ "))) == 1


def test_words_with_arabic_letters_are_isolated_and_others_left_alone():
    assert right_to_left("14%") == "14%"
    assert right_to_left("412 ألف") == "\u2067412 ألف\u2069"


@given(st.lists(st.floats(0.001, 1e9), min_size=1, max_size=30))
def test_five_classes_hold_every_value_between_round_growing_limits(values):
    limits = class_limits(values)
    assert len(limits) == 6
    assert limits[0] == 0
    assert list(limits) == sorted(set(limits))
    assert limits[-1] >= max(values) * (1 - 1e-9)
    assert all(limits[class_index(value, limits)] <= value for value in values)
    assert all(float(f"{limit:.3g}") == limit for limit in limits)


def test_a_value_on_a_limit_belongs_to_the_class_above_and_the_last_limit_to_the_last_class():
    limits = class_limits([3, 12, 25])
    assert limits == (0, 5, 10, 15, 20, 25)
    assert [class_index(value, limits) for value in (0, 4.9, 5, 24, 25)] == [0, 0, 1, 4, 4]


def test_counts_have_whole_limits():
    assert class_limits([1, 5, 12]) == (0, 3, 6, 9, 12, 15)
    assert class_limits([1, 2, 3]) == (0, 1, 2, 3, 4, 5)


def test_classes_widen_where_one_region_towers_over_the_rest():
    assert class_limits([1, 2, 3, 5, 8, 12, 400]) == (0, 20, 50, 100, 200, 500)


@given(st.floats(0.001, 1e9))
def test_gridlines_are_three_to_five_and_reach_the_largest_value(largest):
    step, top = grid_steps(largest)
    assert top >= largest * (1 - 1e-9)
    assert 2 <= round(top / step) <= 5


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(10, 40)), min_size=1, max_size=4))
def test_labels_at_line_ends_never_touch(boxes):
    boxes.sort()
    centres = spread(boxes, -20, 240)
    for one in range(len(boxes) - 1):
        assert centres[one + 1] - centres[one] >= (boxes[one][1] + boxes[one + 1][1]) / 2 - 1


@given(st.lists(st.integers(1, 60), min_size=1, max_size=5), st.sampled_from((140, 285, 560)))
def test_names_of_parts_never_touch_each_other(shares, room):
    parts, edge = [], 0.0
    for number, share in enumerate(shares):
        end = edge + share / sum(shares) * room
        parts.append((str(number), edge, end, ("Other and not stated", "Trade", "Social work")[number % 3]))
        edge = end
    heads = placed_heads(parts, room, 12)
    assert len(heads) == len(parts)
    assert not any(head.touches(other) for head in heads for other in heads if head is not other)
    assert all(head.begins >= 0 and head.ends <= max(room, head.ends - head.begins + 4) + 1 for head in heads)


def test_the_stronger_label_colour_is_chosen_on_any_ground():
    assert Look("light").on(LIGHT.social) == "#FFFFFF"
    assert Look("light").on(LIGHT.ecology) == LIGHT.ink
