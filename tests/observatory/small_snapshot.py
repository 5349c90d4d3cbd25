"""Snapshots made by hand: a few cells written as a text table, in the tables that the ETL publishes."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd

from observatory import LANGUAGES
from observatory.dimensions import Dimension, Member
from observatory.editions import Edition, load_edition
from observatory.queries.selection import IN_CELLS
from observatory.store import Store, current_store

CELL_TYPES = "measure text, shape integer, period_code text, sector_code text, region_code text, theme_code text, " \
    "size_code text, form_code text, value double, contributors integer, status text, quality text"  # fmt: skip
OWNER_TYPES = "measure text, period_code text, ownership_code text, holding_code text, value double, " \
    "contributors integer, status text, quality text"  # fmt: skip
OTHER_TABLES = """
    create table delivery(delivery_id text, source_id text, file text, sha256 text, delivered date, rows_read integer,
        rows_loaded integer, rows_rejected integer, rows_superseded integer, rows_set_aside integer,
        columns_unused text);
    create table reject(delivery_id text, file text, sheet text, row integer, column_name text, value text, rule text,
        details text);
"""


def table(text: str) -> pd.DataFrame:
    """Return the rows of "a | b" lines under a heading line, all as text; blank is empty."""
    lines = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    return pd.DataFrame(lines[1:], columns=lines[0])


def small_edition(**facts: object) -> Edition:
    """Return an edition of two or three codes a dimension: r1 and r2 were one region, p, before 2022."""
    dimensions = {
        "sector": _dimension("sector", ("group",), "a group _T, b group _T, c group _T"),
        "region": _dimension(
            "region",
            ("region", "comparable", "macro"),
            "r1 region p, r2 region p, r3 region m2, r4 region m2, p comparable m1, m1 macro _T, m2 macro _T",
        ),  # fmt: skip
        "theme": _dimension(
            "theme",
            ("subtheme", "theme"),
            "t1 theme _T, t2 theme _T, t11 subtheme t1, t12 subtheme t1, t21 subtheme t2",
        ),  # fmt: skip
        "size": _dimension("size", ("fine", "legal"), "small fine _T, large legal _T, l1 fine large, l2 fine large"),
        "form": _dimension("form", ("form",), "f1 form _T, f2 form _T"),
        "ownership": _dimension("ownership", ("ownership",), "state ownership _T, private ownership _T"),
    }
    return replace(
        load_edition("kazakhstan"),
        id="small",
        dimensions=dimensions,
        **{"comparable_before": 2022, "events": (), "targets": ()} | facts,
    )


def publish(published: Path, name: str, edition: Edition, cells: pd.DataFrame, owners: pd.DataFrame | None = None,
            **facts: str) -> None:  # fmt: skip
    """Write a snapshot and point CURRENT at it.

    Args:
        cells: columns measure, period, value; dimensions, contributors and status where they differ from "_T", the
            least that is not low base, and "free"; quality where the product is protected. A hidden cell
            has neither value nor contributors.
        owners: the same by ownership and holding.
        facts: of the table `snapshot`, where they differ from a finished year 2024.
    """
    folder = published / name
    folder.mkdir(parents=True)
    ready, shapes = _with_shapes(edition, _complete(cells, IN_CELLS))
    owners = _complete(table("measure | period | value") if owners is None else owners, ("ownership", "holding"))
    years = sorted({int(period[:4]) for period in ready.period_code}) or [2024]
    known = {
        "edition_id": edition.id, "snapshot_id": name, "as_of": "2026-11-02", "is_demonstration": "true",
        "content_hash": "0" * 64, "built_by": "tests", "first_year": str(years[0]), "last_year": str(years[-1]),
        "last_month": f"{years[-1]}-12",
    } | facts  # fmt: skip
    with duckdb.connect(str(folder / "restricted.duckdb")) as connection:
        connection.execute(OTHER_TABLES)
        connection.execute("create table snapshot(key text, value text)")
        connection.executemany("insert into snapshot values (?, ?)", list(known.items()))
        shape_types = ", ".join(["shape integer", *(f"{name}_level text" for name in ("period", *IN_CELLS))])
        tables = (("shape", shape_types, shapes), ("cells", CELL_TYPES, ready), ("owner_cells", OWNER_TYPES, owners))
        for name_of_table, types, rows in tables:
            connection.execute(f"create table {name_of_table}({types})")
            connection.register("rows", rows[[part.split()[0] for part in types.split(", ")]])
            connection.execute(f"insert into {name_of_table} select * from rows order by all")
    (published / "CURRENT.tmp").write_text(name + "\n", encoding="utf-8")
    (published / "CURRENT.tmp").replace(published / "CURRENT")


def store_of(tmp_path: Path, edition: Edition, cells: pd.DataFrame | str, **more: object) -> Store:
    """Return the store of a snapshot with these cells."""
    publish(tmp_path, "s1", edition, table(cells) if isinstance(cells, str) else cells, **more)
    return current_store(tmp_path)


def _dimension(name: str, levels: tuple[str, ...], members: str) -> Dimension:
    parts = [member.split() for member in members.split(",")]
    found = {code: Member(code, level, parent, place, None, None, dict.fromkeys(LANGUAGES, code.upper()),
                          dict.fromkeys(LANGUAGES, code.upper()), (), (), {})
             for place, (code, level, parent) in enumerate(parts)}  # fmt: skip
    return Dimension(name, levels, found)


def _complete(rows: pd.DataFrame, dimensions: tuple[str, ...]) -> pd.DataFrame:
    rows = rows.rename(columns={"period": "period_code"} | {name: f"{name}_code" for name in dimensions})
    for name in dimensions:
        rows[f"{name}_code"] = rows.get(f"{name}_code", pd.Series("", index=rows.index)).replace("", "_T")
    rows["status"] = rows.get("status", pd.Series("", index=rows.index)).replace("", "free")
    rows["quality"] = rows.get("quality", pd.Series("", index=rows.index)).replace("", None)
    rows["value"] = pd.to_numeric(rows["value"]).where(rows.status != "hidden")
    given = pd.to_numeric(rows.get("contributors", pd.Series("", index=rows.index)).replace("", None))
    rows["contributors"] = given.fillna(10).astype("Int64").where(rows.status != "hidden")
    return rows


def _with_shapes(edition: Edition, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows with the number of their shape, and the shapes with the levels they stand for."""

    def levels_of(row) -> tuple[str, ...]:
        period = "month" if "-" in row.period_code else "year"
        return (period, *(edition.dimensions[name].level_of(getattr(row, f"{name}_code")) for name in IN_CELLS))

    of_rows = [levels_of(row) for row in rows.itertuples()]
    numbers = {levels: number for number, levels in enumerate(sorted(set(of_rows)))}
    columns = ["shape", *(f"{name}_level" for name in ("period", *IN_CELLS))]
    shapes = pd.DataFrame([(number, *levels) for levels, number in numbers.items()], columns=columns)
    return rows.assign(shape=[numbers[levels] for levels in of_rows]), shapes
