"""Content of a large demonstration beside the small one: what is loaded in these tests is no toy."""

from __future__ import annotations

import duckdb

from benchmarks.deliveries import EDITION, FOLDER, parquet
from benchmarks.measuring import show_table
from etl.demonstration import generate
from etl.pipeline import load
from observatory.editions import load_edition

SHARES = {
    "sector": ("COALESCE(company.sector_code, '_U')", "group"),
    "theme": ("COALESCE(activity.theme_code, '_U')", "theme"),
    "form": ("COALESCE(activity.form_code, '_U')", "form"),
    "size": ("COALESCE(company.size_code, '_U')", "fine"),
}
"""Whose shares of the activities are printed: the code of a record and the level its codes are counted at."""

FIGURES = {
    "activities": "COUNT(*)",
    "companies": "COUNT(DISTINCT activity.company_id)",
    "regions": "COUNT(DISTINCT activity.region_code)",
    "participations per activity": "SUM(volunteers_count) / COUNT(*)",
    "hours per participation": "SUM(hours) / SUM(volunteers_count)",
    "hours per participation, lower tenth": "quantile_cont(hours / volunteers_count, 0.1)",
    "hours per participation, median": "quantile_cont(hours / volunteers_count, 0.5)",
    "hours per participation, upper tenth": "quantile_cont(hours / volunteers_count, 0.9)",
    "in paid time, %": "100 * AVG(CAST(is_paid_time AS INTEGER))",
    "with an NGO, %": "100 * AVG(CAST(ngo_id IS NOT NULL AS INTEGER))",
    "region not stated, %": "100 * AVG(CAST(activity.region_code IS NULL AS INTEGER))",
    "in 2024, %": "100 * AVG(CAST(year(start_date) = 2024 AS INTEGER))",
    "emergencies within March to May 2024, %": (
        "100 * SUM(CAST(starts_with(theme_code, 'emergency') AND start_date BETWEEN '2024-03-01' AND '2024-05-31'"
        " AS INTEGER)) / SUM(CAST(starts_with(theme_code, 'emergency') AS INTEGER))"
    ),
}
FROM = """
    FROM activity LEFT JOIN company
        ON company.company_id = activity.company_id
        AND (company.valid_from IS NULL OR company.valid_from <= activity.start_date)
        AND (company.valid_to IS NULL OR company.valid_to >= activity.start_date)
"""


def run(rows: int, rounds: int) -> None:
    """Print shares and figures of the small and the large demonstration beside each other."""
    small, large = _content(None), _content(rows)
    names = list(dict.fromkeys((*small, *large)))
    shown = [(name, *(f"{content[name]:,.1f}" if name in content else "-" for content in (small, large)))
             for name in names]  # fmt: skip
    show_table(("", "as it ships", f"{rows:,} activities"), shown)
    apart = {name: abs(small.get(name, 0) - large.get(name, 0)) for name in names if name.endswith("%")}
    furthest = max(apart, key=apart.get)
    print(f"furthest apart: {furthest}, by {apart[furthest]:.1f} points")


def _content(rows: int | None) -> dict[str, float]:
    """Return figures and shares, in percent, of a demonstration once it is loaded."""
    edition = load_edition(EDITION)
    folder = parquet(rows) if rows else FOLDER / "demonstration-files"
    if rows is None and not folder.exists():
        generate(edition, folder)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        loaded = load(connection, edition, folder)
        read, rejected = (sum(getattr(o, what) for o in loaded.outcomes) for what in ("rows_read", "rows_rejected"))
        found = {"rows read": float(read), "rows rejected": float(rejected)}
        figures = connection.execute(f"SELECT {', '.join(FIGURES.values())} {FROM}").fetchone()
        found |= {name: float(value) for name, value in zip(FIGURES, figures, strict=True)}
        for dimension, (code, level) in SHARES.items():
            rows_of = connection.execute(
                f"""
                SELECT above.ancestor_code, 100 * COUNT(*) / SUM(COUNT(*)) OVER () {FROM}
                JOIN ancestor AS above ON above.dimension = $1 AND above.code = {code}
                    AND (above.ancestor_level = $2 OR above.code = '_U' AND above.ancestor_code = '_U')
                WHERE NOT ends_with(above.ancestor_code, '_U') OR above.ancestor_code = '_U'
                GROUP BY 1 ORDER BY 1
                """,
                [dimension, level],
            ).fetchall()
            found |= {f"{dimension} {code}, %": float(share) for code, share in rows_of}
    return found
