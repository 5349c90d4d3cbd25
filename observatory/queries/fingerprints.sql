-- Return, for each measure and year, a number that depends on every value of every cell in it, whatever their order.
with cell as (
    select
        measure, left(period_code, 4) as year,
        hash(period_code, sector_code, region_code, theme_code, size_code, form_code, value) as print
    from cells
    union all
    select measure, period_code as year, hash(ownership_code, holding_code, value) as print
    from owner_cells
)
select measure, year, sum(cast(print as hugeint)) as print
from cell
group by measure, year
