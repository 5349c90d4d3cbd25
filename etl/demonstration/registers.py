"""The register of companies, with a row per period of validity, as the network's office keeps it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from etl.demonstration.world import World

REGISTERED_SINCE = date(2015, 1, 1)


def company_register(world: World) -> pd.DataFrame:
    """Return one row per company and period in which neither its size class nor its region changed.

    Columns: company_id, name, bin, sector_code, size_code, headcount (in the first year of the period),
    ownership_code, holding_id, holding_name, region_code, valid_from, valid_to (None = still valid).
    """
    rows = []
    region_index = {code: at for at, code in enumerate(world.region_codes)}
    for at, company in enumerate(world.companies.to_dict("records")):
        home = region_index[company["region_code"]]
        begins = {REGISTERED_SINCE}
        resized = np.flatnonzero(np.diff(world.size[at])) + 1
        begins |= {date(int(world.years[year]), 1, 1) for year in resized}
        if world.predecessor[home] != home:
            begins.add(world.region_from[home].item())
        starts = sorted(begins)
        for start, after in zip(starts, [*starts[1:], None], strict=True):
            year = max(start.year - int(world.years[0]), 0)
            region = home if start >= world.region_from[home].item() else world.predecessor[home]
            rows.append(
                {column: company[column] for column in company if column != "joined_year"}
                | {
                    "size_code": world.size_codes[world.size[at, year]],
                    "headcount": int(world.headcount[at, year]),
                    "region_code": world.region_codes[region],
                    "valid_from": start,
                    "valid_to": after - timedelta(days=1) if after else None,
                }
            )
    return pd.DataFrame(rows)
