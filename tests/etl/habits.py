"""The same records in a hundred habits: how a file looks that this or that company sends.

`draw` gives a habit, `columns_of` and `laid_out` what stands in the cells of a file, `habit_files` writes it. Every
choice comes from one `Random`, so a seed is a set of files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from etl.load import WAREHOUSE
from observatory.editions import load_edition
from observatory.fact_files import folded
from observatory.registry import registry
from tests.etl import written

Record = Mapping[str, Any]
"""One true row: field to date, Decimal, int, bool, code or text; a field left out, or None, is not known."""

EDITION = load_edition("kazakhstan")
LANGUAGES = ("kk", "ru", "en", "ar")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1251", "kz1048", "mac_cyrillic", "cp1256")
SPLITS = ("whole", "by company", "by year", "in halves")

STRUCTURAL = frozenset(
    {"two_row_headings", "units_in_headings", "totals", "repeated_headings", "merged", "fill_down", "stacked_tables"}
)
"""Habits of structure; a test switches on those that the reading understands."""

PLAIN = frozenset({"titles", "blank_rows", "extra_columns", "blank_columns", "hidden_sheet", "without_empty_columns"})
NOISES = ("case", "blanks", "dots", "quotes", "alike", "unseen", "lines")

COMPANIES = {
    "C1": ("АО «Ақжол Мұнай»", "Ақжол Мұнай АҚ", "Акжол Мунай", "Akzhol Munai JSC"),
    "C2": ("ТОО «Көктем»", "«Көктем» ЖШС", "Коктем", "Koktem LLP"),
    "C3": ("Hormuz Steel LLP", "ТОО Hormuz Steel", "Хормуз Стил", "هرمز للصلب"),
    "C4": ("ИП «Ёлка и Йод»", "ЖК Ёлка и Йод", "Elka i Yod IE"),
}
NGOS = {"N1": ("ҚҚ «Таза қала»", "ОФ «Таза қала»", "Таза қала"), "N2": ("Green Hands", "Green Hands PF")}
NAMES = COMPANIES | NGOS
"""The name and other names of every organisation that the registers of a desk list, by its number."""

BINS = {"C1": "012340000017", "C2": "150140000021", "C3": "071140003329", "C4": "990940000035"}
TITLES = {
    "C1": ("Сад у школы № 5", "Уборка берега; день второй", 'Акция "Добрый день"', "Помощь, как всегда"),
    "C2": ("Қазақ тілі сабағы", "Ағаш отырғызу", "«Үміт» үйіне көмек", "Ұлы дала жолымен"),
    "C3": ("Blood donation", "Clean-up, part 2", 'The "green" day', "Food parcels"),
    "C4": ("يوم التبرع بالدم", "تنظيف الشاطئ", "Ёлка", "دروس للأطفال"),
}
TOTALS = ("Итого", "Всего", "Барлығы", "Жиыны", "Total", "المجموع")


@dataclass(frozen=True)
class Habit:
    """How one file is written; what a file cannot hold (a letter, a group of three) is left out of it."""

    kind: str
    encoding: str
    delimiter: str
    line_end: str
    quotes_all: bool
    languages: tuple[str, ...]
    numbers: str
    dates: str
    truth: str
    nothing: str
    identity: str
    is_typed: bool
    noises: frozenset[str]
    structure: frozenset[str]


def draw(rng: Random, structural: frozenset[str] = frozenset()) -> Habit:
    """Return a habit of one file; `structural` are the habits of structure that may occur."""
    kind = rng.choices(("csv", "xlsx", "parquet"), (6, 3, 1))[0]
    shared = rng.random() < 0.6
    return Habit(
        kind=kind,
        encoding=rng.choice(ENCODINGS) if kind == "csv" else "utf-8",
        delimiter=rng.choice(";,\t|"),
        line_end=rng.choice(("\n", "\r\n", "\r")),
        quotes_all=rng.random() < 0.3,
        languages=(rng.choice(LANGUAGES),) if shared else LANGUAGES,
        numbers=rng.choice(tuple(written.NUMBERS)),
        dates=rng.choice(written.DATES),
        truth=rng.choice(tuple(written.TRUTHS)),
        nothing=rng.choice(("", "", "-", "—", "н/д", "n/a", "\u00a0")),
        identity=rng.choice(("id", "bin", "name", "name", "id and name")),
        is_typed=rng.random() < 0.6,
        noises=frozenset(noise for noise in NOISES if rng.random() < 0.25),
        structure=frozenset(habit for habit in sorted(PLAIN | structural) if rng.random() < 0.3),
    )


@cache
def true_records() -> dict[str, list[Record]]:
    """Return activities and years of four companies; every field is filled somewhere and empty somewhere."""
    rng = Random(7)
    regions = [code for code, member in EDITION.dimensions["region"].members.items() if member.level == "region"]
    themes, forms = (list(EDITION.dimensions[name].members) for name in ("theme", "form"))
    activities, years = [], []
    for number in range(24):
        company = list(COMPANIES)[number % len(COMPANIES)]
        start = date(2023 + number % 3, 1 + rng.randrange(12), 1 + rng.randrange(28))
        end = start.replace(day=min(28, start.day + rng.randrange(6)))
        persons = rng.choice([2, 15, 48, 1250])
        hours = Decimal(persons) * rng.choice([Decimal("1.5"), 2, Decimal("3.25"), 4])
        activities.append(_with_gaps(rng, {
            "activity_id": f"A-{number + 1:03}", "company_id": company, "title": TITLES[company][number // 4 % 4],
            "start_date": start, "end_date": end, "ngo_id": rng.choice(list(NGOS)),
                "organiser_type": rng.choice(("company", "other")),
            "region_code": rng.choice(regions), "theme_code": rng.choice(themes), "form_code": rng.choice(forms),
            "is_paid_time": rng.random() < 0.5, "volunteers_count": persons, "hours": hours,
                "skilled_hours": Decimal(int(hours / 2)),
            "requested_count": persons + rng.randrange(9), "beneficiaries_count": rng.choice([7, 320, 15_400]),
            "cost_amount": rng.choice([Decimal(0), Decimal("1500000"), Decimal("48250.75"), Decimal("3200.5")]),
        }, always=("activity_id", "company_id", "start_date")))  # fmt: skip
    for place, company in enumerate(COMPANIES):
        for year in (2023, 2024, 2025)[: 2 + place % 2]:
            staff = rng.choice([120, 2_640, 18_300])
            volunteers = staff // 10
            years.append(_with_gaps(rng, {
                "company_id": company, "year": year, "headcount": staff, "volunteers": volunteers,
                "volunteers_paid": volunteers // 2, "volunteers_internal": volunteers // 3,
                "counted_how": rng.choice(("register", "survey", "estimate")),
                "paid_hours": Decimal(volunteers) * Decimal("6.5"),
                "own_hours": Decimal(volunteers) * Decimal("2.25"),
                "cost_cash": rng.choice([Decimal("12000000"), Decimal("870300.4")]),
                "cost_in_kind": Decimal("95000"), "cost_management": Decimal("2500000"),
            }, always=("company_id", "year")))  # fmt: skip
    return {"activity": activities, "company_year": years}


def _with_gaps(rng: Random, record: dict[str, Any], always: Sequence[str]) -> Record:
    return {name: value for name, value in record.items() if name in always or rng.random() > 0.12}


def fits(text: str, encoding: str) -> bool:
    """Return whether an encoding has every letter of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def split(rng: Random, records: Sequence[Record], how: str) -> list[list[Record]]:
    """Return records in the parts that a sender makes of them, each in an order of its own."""
    if how == "whole":
        parts = {"": list(records)}
    else:
        parts = {}
        for place, record in enumerate(records):
            year = record.get("year") or record["start_date"].year
            key = {"by company": record["company_id"], "by year": year, "in halves": place % 2}[how]
            parts.setdefault(key, []).append(record)
    for part in parts.values():
        rng.shuffle(part)
    return list(parts.values())


class Columns(dict[str, list[Any]]):
    """The columns of a file under their headings; `organisation` are the headings of those that say who it was."""

    organisation: frozenset[str] = frozenset()


def columns_of(rng: Random, habit: Habit, table: str, records: Sequence[Record]) -> Columns:
    """Return the columns of a file under their headings, in an order of its own, each cell as it is written there."""
    pen = _Pen(rng, habit, table, records)
    columns = [
        pen.column(name)
        for name in WAREHOUSE[table]
        if name not in ("company_id", "ngo_id")
        if "without_empty_columns" not in habit.structure or any(record.get(name) is not None for record in records)
    ]
    columns += (who := pen.organisation("company", habit.identity))
    if table == "activity":
        columns += pen.organisation("ngo", rng.choice(("id", "name")))
    if "extra_columns" in habit.structure:
        columns.append(
            ("Remark" if habit.kind != "parquet" else "remark", [f"x{place}" for place in range(len(records))])
        )
        columns.append(("№ п/п" if pen.fits("№") else "Line", [str(place + 1) for place in range(len(records))]))
    rng.shuffle(columns)
    made = Columns(columns)
    made.organisation = frozenset(heading for heading, _ in who)
    return made


class _Pen:
    """Writes the columns of one file."""

    def __init__(self, rng: Random, habit: Habit, table: str, records: Sequence[Record]):
        self.rng, self.habit, self.records = rng, habit, records
        self.fields = registry().tables[table]["fields"]
        way = habit.numbers if habit.numbers != "1.234,5" or self._shows_decimals() else "1 234,5"
        self.numbers = written.Numbers(way, EDITION.currency, self.fits)
        self.month_first = any(record.get("start_date", date.min).day > 12 for record in records)

    def fits(self, text: str) -> bool:
        return fits(text, self.habit.encoding)

    def column(self, name: str) -> tuple[str, list[Any]]:
        """Return the heading and the cells of a field."""
        facts = self.fields[name]
        language = self.rng.choice(self.habit.languages)
        write = self._writer(name, facts, language)
        values = (record.get(name) for record in self.records)
        return self.heading(name, language), [self.nothing() if value is None else write(value) for value in values]

    def organisation(self, table: str, identity: str) -> list[tuple[str, list[Any]]]:
        """Return the columns that say who it was: by number, BIN or name."""
        columns = []
        for kind in identity.split(" and "):
            name = f"{table}_{kind}"
            numbers = (record.get(f"{table}_id") for record in self.records)
            cells = [self.nothing() if number is None else self._organisation(kind, number) for number in numbers]
            columns.append((self.heading(name, self.rng.choice(self.habit.languages)), cells))
        return columns

    def _organisation(self, kind: str, number: str) -> str:
        if kind == "bin":
            return written.bin_number(self.rng, BINS[number])
        names = [name for name in NAMES[number] if self.fits(name)] if kind == "name" else []
        return self.noisy(self.rng.choice(names)) if names else number

    def heading(self, name: str, language: str) -> str:
        """Return a heading of a field that the encoding can hold, with noise; its code where there is none."""
        ways = [heading for heading in self.fields[name]["headings"][language] if self.fits(heading)]
        heading = self.rng.choice([*ways, name] if len(ways) < 2 else ways)
        return self.noisy(heading) if self.rng.random() < 0.5 else heading

    def noisy(self, text: str) -> str:
        """Return a text with the noise of the habit, as far as the encoding has letters for it."""
        for noise in sorted(self.habit.noises):
            changed = written.with_noise(self.rng, text, noise)
            if self.rng.random() < 0.5 and self.fits(changed):
                text = changed
        return text

    def nothing(self) -> str | None:
        if self.habit.kind == "parquet":
            return None
        return self.habit.nothing if self.fits(self.habit.nothing) else ""

    def _writer(self, name: str, facts: Mapping[str, Any], language: str) -> Any:
        """Return what writes the values of a field; a typed cell of a workbook or of Parquet is the value itself."""
        if (
            self.habit.is_typed
            and self.habit.kind != "csv"
            and facts["type"] in ("integer", "number", "date", "boolean")
        ):
            return lambda value: value
        if facts["type"] in ("integer", "number"):
            unit = facts.get("unit") if self.rng.random() < 0.3 else None
            if name == "year":
                return lambda value: written.year(self.rng, value, self.fits) if unit else str(value)
            return lambda value: self.numbers.written(self.rng, value, facts["type"] == "integer", unit)
        if facts["type"] == "date":
            return lambda value: written.day(value, self.habit.dates, self.fits, self.month_first)
        if facts["type"] == "boolean":
            return lambda value: written.truth(value, self.habit.truth, self.fits)
        if "dimension" in facts:
            by_code = self.rng.random() < 0.2
            return lambda value: value if by_code else self.noisy(self._spelling(facts["dimension"], value, language))
        if "codes" in facts:
            return lambda value: self.noisy(
                self.rng.choice([t for t in (value, *facts["codes"][value]) if self.fits(t)])
            )
        return lambda value: value

    def _spelling(self, dimension: str, code: str, language: str) -> str:
        """Return a name of a code in a language, or a spelling of it in any, that means this code only."""
        known, member = EDITION.dimensions[dimension].spellings, EDITION.dimensions[dimension].members[code]
        names = [member.names[language], member.shorts[language]] if self.rng.random() < 0.7 else member.spellings
        clear = [text for text in names if text and known[folded(text)] == (code,) and self.fits(text)]
        return self.rng.choice(clear or [code])

    def _shows_decimals(self) -> bool:
        """Return whether some number of the file shows which sign stands before its decimals."""
        values = (value for record in self.records for value in record.values() if isinstance(value, Decimal))
        return self.habit.kind == "csv" and any(value != value.to_integral_value() for value in values)
