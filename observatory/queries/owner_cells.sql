-- Return one row for each measure, year and drawn kind of ownership or holding.
select
    measure, {keys},
    sum(value) as value,
    max(contributors) as contributors,
    max(case when status = 'free' then 1 else 0 end) as is_free,
    sum(case when status = 'hidden' then 1 else 0 end) as hidden_parts,
    1 as parts
from owner_cells
where list_contains($measures, measure)
    and list_contains($periods, period_code)
    and list_contains($ownership, ownership_code)
    and list_contains($holding, holding_code)
group by measure, {keys}
order by measure, {keys}
