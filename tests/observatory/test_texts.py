"""Texts: sentences, plurals, numbers and dates of the four languages, as their readers write them."""

import datetime
import gettext
import inspect
import logging
import re
import string

import pytest
from babel import Locale
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from observatory import LANGUAGES, PROJECT_FOLDER, errors
from observatory.editions import load_edition
from observatory.errors import AsarError, UsageError
from observatory.registry import registry
from observatory.registry_faults import PLURAL_FORMS
from observatory.texts import LOCALE_FOLDER, MissingText, Texts, plain, texts

TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
ERRORS = [name for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, AsarError)]
KEYWORDS = {"say": (1,), "say_n": (1, 2), "say_in": ((1, "c"), 2), "mark": (1,), "Message": (1,)} | dict.fromkeys(
    ERRORS
)
NO_BREAK, MINUS, LEFT_TO_RIGHT = "\u00a0", "\u2212", "\u200e"


def spaced(text):
    """Text with its no-break spaces as "~", so that a test can be read."""
    return text.replace(NO_BREAK, "~").replace("\u202f", "~").replace(LEFT_TO_RIGHT, "")


def catalogue(language):
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / "asar.po").open("rb") as file:
        return read_po(file)


# Catalogues


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_headers_number_the_forms_as_cldr_names_them(language):
    header = catalogue(language).mime_headers
    rule = dict(header)["Plural-Forms"].split("plural=", 1)[1].rstrip(";")
    place, cldr = gettext.c2py(rule), Locale.parse(language).plural_form
    for n in range(0, 1102):
        assert PLURAL_FORMS[language][place(n)] == cldr(n), n
    assert f"nplurals={len(PLURAL_FORMS[language])};" in dict(header)["Plural-Forms"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_has_its_translation_with_the_same_placeholders(language):
    known = {(message.context, message.id): message for message in catalogue(language) if message.id}
    faults = []
    for context, message in sorted(sources(), key=str):
        found = known.get((context, message))
        strings = (
            () if found is None or found.fuzzy else found.string if isinstance(message, tuple) else (found.string,)
        )
        needed = len(PLURAL_FORMS[language]) if isinstance(message, tuple) else 1
        if len(strings) != needed or not all(strings):
            faults.append(f"not translated: {message!r}")
            continue
        wanted = set().union(*(placeholders(text) for text in (message if isinstance(message, tuple) else (message,))))
        allowed = wanted if needed == 1 else wanted | {"n"}
        for text in strings:
            if not (placeholders(text) <= allowed and (needed > 1 or placeholders(text) == wanted)):
                faults.append(f"other placeholders than {message!r}: {text!r}")
    assert not faults, f"{len(faults)} in {language}:\n" + "\n".join(faults)


def sources():
    """Context and text of everything the code says."""
    found = set()
    for folder in ("observatory", "etl", "pages"):
        extracted = extract_from_dir(PROJECT_FOLDER / folder, keywords=KEYWORDS, method_map=[("**.py", "python")])
        found |= {(context, message) for _, _, message, _, context in extracted}
    root = extract_from_dir(PROJECT_FOLDER, keywords=KEYWORDS, method_map=[("dashboard.py", "python")],
                            directory_filter=lambda folder: False)  # fmt: skip
    return found | {(context, message) for _, _, message, _, context in root}


def placeholders(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_the_test_finds_the_texts_of_the_code():
    assert (None, "All regions") in sources()
    assert not set(KEYWORDS) & set(DEFAULT_KEYWORDS)


def test_a_missing_text_raises_in_tests_and_is_said_in_english_otherwise(caplog):
    with pytest.raises(MissingText, match="make texts"):
        Texts("kk", strict=True).say("There is no such text.")
    lenient = Texts("kk", strict=False)
    with caplog.at_level(logging.WARNING):
        said = [lenient.say("There is no such {thing}.", thing="text") for _ in range(3)]
    assert said == ["There is no such text."] * 3
    assert len(caplog.records) == 1


def test_the_environment_makes_texts_strict(monkeypatch):
    monkeypatch.setenv("ASAR_STRICT_TEXTS", "1")
    with pytest.raises(MissingText):
        Texts("ru").say_n("{n} no such text", "{n} no such texts", 2)
    monkeypatch.delenv("ASAR_STRICT_TEXTS")
    assert Texts("ru").say_n("{n} no such text", "{n} no such texts", 2) == "2 no such texts"


def write_catalogue(folder, language, entries):
    path = folder / language / "LC_MESSAGES" / "asar.po"
    path.parent.mkdir(parents=True)
    plurals = dict(catalogue(language).mime_headers)["Plural-Forms"]
    facts = f"Language: {language}", "Content-Type: text/plain; charset=utf-8", f"Plural-Forms: {plurals}"
    header = "\n".join(['msgid ""', 'msgstr ""', *(f'"{fact}\\n"' for fact in facts)])
    path.write_text(f"{header}\n\n{entries}", encoding="utf-8")


def test_context_keeps_apart_what_english_does_not(tmp_path):
    write_catalogue(
        tmp_path,
        "ru",
        """
msgctxt "month"
msgid "May"
msgstr "май"

msgid "May"
msgstr "может"

#, fuzzy
msgid "Stage"
msgstr "сцена"
""",
    )
    said = Texts("ru", folder=tmp_path, strict=True)
    assert (said.say_in("month", "May"), said.say("May")) == ("май", "может")
    with pytest.raises(MissingText):
        said.say("Stage")


@pytest.mark.parametrize(
    ("language", "forms"),
    [("kk", "one other"), ("ru", "one few many other"), ("ar", "zero one two few many other")],
)
def test_counts_take_the_form_of_their_language(tmp_path, language, forms):
    entries = [f'msgstr[{place}] "{form} {{n}}"' for place, form in enumerate(forms.split())]
    write_catalogue(tmp_path, language, 'msgid "{n} file"\nmsgid_plural "{n} files"\n' + "\n".join(entries))
    said = Texts(language, folder=tmp_path, strict=True)
    for count in (0, 1, 2, 5, 11, 21, 100, 2.5):
        assert said.say_n("{n} file", "{n} files", count).split()[0] == Locale.parse(language).plural_form(count)


def test_english_needs_no_catalogue():
    said = texts("en")
    assert [said.say_n("{n} file", "{n} files", n) for n in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
    assert said.say_n("{n} file in {place}", "{n} files in {place}", 1000, place="here") == "1,000 files in here"


def test_values_are_inserted_as_they_are():
    assert texts("en").say("{name} and {n}", name="{n} {0} %s", n=1) == "{n} {0} %s and 1"


def test_an_unknown_language_is_refused_in_words():
    with pytest.raises(UsageError, match="kk, ru, en, ar"):
        texts("de")


# Numbers


@pytest.mark.parametrize(
    ("language", "whole", "decimal", "negative", "share", "small_share"),
    [
        ("kk", "3~184", "2,6", "−12", "14%", "0,4%"),
        ("ru", "3~184", "2,6", "−12", "14~%", "0,4~%"),
        ("en", "3,184", "2.6", "−12", "14%", "0.4%"),
        ("ar", "3,184", "2.6", "−12", "14%", "0.4%"),
    ],
)
def test_numbers_are_written_as_their_readers_do(language, whole, decimal, negative, share, small_share):
    said = texts(language)
    written = [said.number(3184), said.number(2.6), said.number(-12), said.percent(14.2), said.percent(0.4)]
    assert [spaced(text) for text in written] == [whole, decimal, negative, share, small_share]


@pytest.mark.parametrize(
    ("language", "amounts"),
    [
        ("kk", ["412~мың сағат", "3~184 сағат", "21 сағат", "1,23~миллиард теңге", "11 компания"]),
        ("ru", ["412~тысяч часов", "3~184 часа", "21 час", "1,23~миллиарда тенге", "11 компаний"]),
        ("en", ["412~thousand hours", "3,184 hours", "21 hours", "1.23~billion tenge", "11 companies"]),
        ("ar", ["412~ألف ساعة", "3,184 ساعة", "21 ساعة", "1.23~مليار تنغي", "11 شركة"]),
    ],
)
def test_large_amounts_have_three_digits_and_a_word(language, amounts):
    said = texts(language)
    written = [said.amount(value, unit) for value, unit in
               [(412_345, "hours"), (3184, "hours"), (21, "hours"), (1.234e9, "kzt"), (11, "companies")]]  # fmt: skip
    assert [spaced(text) for text in written] == amounts


@pytest.mark.parametrize(
    ("value", "written"),
    [(9_994, "9,994"), (9_996, "10~thousand"), (999_499, "999~thousand"), (999_999, "1~million"), (0, "0"),
     (-12_345, "−12.3~thousand"), (0.26, "0.3"), (1.96, "2.0"), (9.99e14, "999~trillion")],
)  # fmt: skip
def test_amounts_round_before_their_word_is_chosen(value, written):
    assert spaced(texts("en").short_amount(value, "hours")) == written


def test_a_number_written_with_decimals_takes_their_plural():
    assert texts("en").amount(1.0, "hours_per_person") == "1.0 hours"
    assert texts("ru").amount(21.0, "hours_per_person") == "21,0 часа"
    assert texts("en").amount(1, "hours") == "1 hour"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_can_be_said_of_every_number(language):
    for unit in registry().units:
        for value in (0, 1, 2, 2.5, 5, 11, 21, 100, 12_345, 2_000_000, -3):
            said = texts(language)
            assert "{" not in said.amount(value, unit)
            assert not re.search("[٠-٩]", said.amount(value, unit) + said.short_amount(value, unit))
        assert texts(language).unit(unit)


def test_changes_carry_their_sign_and_zero_has_none():
    said = texts("en")
    assert [said.change(value, "percent") for value in (12.4, -12.4, 0.3, -0.3)] == ["+12%", "−12%", "0%", "0%"]
    points = [said.change(value, "points") for value in (1.26, -0.5, 0.01)]
    assert points == ["+1.3 points", "−0.5 points", "0.0 points"]


def test_a_sign_stays_before_its_digits_from_right_to_left():
    assert texts("ar").number(-5) == f"{LEFT_TO_RIGHT}{MINUS}5"
    assert texts("ar").change(5, "percent") == f"{LEFT_TO_RIGHT}+5%"
    assert texts("en").number(-5) == f"{MINUS}5"
    assert (texts("ar").direction, texts("kk").direction) == ("rtl", "ltr")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_written_as_one(value):
    for write in (texts("en").number, texts("en").percent, lambda v: texts("en").amount(v, "hours")):
        with pytest.raises(ValueError, match="hidden or not reported"):
            write(value)


# Dates


@pytest.mark.parametrize(
    ("language", "date", "month", "period", "several"),
    [
        ("kk", "2026~ж. 2 қараша", "мамыр", "2024~ж. мамыр", "2026~ж. қаңтар – қазан"),
        ("ru", "2 ноября 2026~г.", "май", "май 2024~г.", "январь – октябрь 2026~г."),
        ("en", "2 November 2026", "May", "May 2024", "January – October 2026"),
        ("ar", "2 نوفمبر 2026", "مايو", "مايو 2024", "يناير – أكتوبر 2026"),
    ],
)
def test_dates_are_written_as_their_readers_do(language, date, month, period, several):
    said = texts(language)
    assert spaced(said.date(datetime.date(2026, 11, 2))) == date
    assert said.month(5) == month
    assert spaced(said.period("2024-05")) == period
    assert re.sub(r"\s", " ", spaced(said.period(2026, (1, 10)))) == several


def test_years_and_whole_periods_stand_as_numbers():
    said = texts("ru")
    assert (said.year_range(2020, 2024), said.year_range(2024, 2024)) == ("2020–2024", "2024")
    assert (said.period("2024"), said.period(2024), said.period(2024, (1, 12))) == ("2024", "2024", "2024")
    assert texts("en").period(2024, (3, 3)) == "March 2024"
    assert texts("en").month_range(1, 10) == "January–October"


# Names


def test_codes_have_names_and_so_have_everything_and_not_stated():
    regions = load_edition("kazakhstan").dimensions["region"]
    said = texts("en")
    assert said.member(regions, "KZ-23") == "Atyrau region"
    assert said.member(regions, "KZ-23", short=True) == "Atyrau"
    assert said.member(regions, "_T") == "All regions"
    assert said.member(regions, "_U") == "Region not stated"
    assert said.member("holding", "in_holding") == "In a holding"
    assert texts("kk").pick({"kk": "а", "ru": "б"}) == "а"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dimension_has_a_heading_a_whole_and_a_rest(language):
    said = Texts(language, strict=True)
    for name in load_edition("kazakhstan").dimensions:
        assert said.dimension(name)
        assert said.member(name, "_T") != said.member(name, "_U")


@pytest.mark.parametrize(
    "name",
    ["*bold* _em_ `code`", "[link](http://x.y)", "<b>html</b> & co", "# heading", "1. list", "- item", "a | b", "$x^2$",
     ":red[loud] :smile: :material/home:", "www.example.com", "me@example.com", "\\escape", "two\nlines"],
)  # fmt: skip
def test_a_name_from_the_data_is_shown_as_typed(name):
    escaped = plain(name)
    assert "\n" not in escaped
    assert not re.search(r"(?<!\\)[*_`\[\]<>#|$~]", escaped)
    assert not re.search(r"(:|@|www)(?=[\w/\\.])", escaped, re.IGNORECASE)
    assert re.sub(r"\\([_\W])", r"\1", escaped).replace("\u2060", "") == " ".join(name.split())


def test_an_ordinary_name_stays_as_it_is():
    assert plain("Қазақмыс Холдинг") == "Қазақмыс Холдинг"


@pytest.mark.parametrize(
    ("language", "text", "is_set_apart"),
    [
        ("en", "Форум", False),
        ("en", "منتدى", True),
        ("ar", "منتدى", False),
        ("ar", "Форум 2024", True),
        ("ar", "2024", False),
    ],
)
def test_words_of_the_other_direction_are_set_apart_in_a_sentence(language, text, is_set_apart):
    assert texts(language).as_sent(text) == (f"\u2068{text}\u2069" if is_set_apart else text)
