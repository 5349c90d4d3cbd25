-- Return one row for each measure, period and drawn member: what the cells chosen together come to.
-- {keys} stay apart in the answer. {parts} are these and the dimensions over which a measure does not add: sums are
-- made within parts, and of several parts the largest value is taken, because the same company may stand in each.
with part as (
    select
        measure, {parts},
        sum(value) as value,
        max(contributors) as contributors,
        max(case when status = 'free' then 1 else 0 end) as is_free,
        sum(case when status = 'hidden' then 1 else 0 end) as hidden_parts
    from cells
    where list_contains($measures, measure)
        and list_contains($shapes, shape)
        and list_contains($periods, period_code)
        and list_contains($sector, sector_code)
        and list_contains($region, region_code)
        and list_contains($theme, theme_code)
        and list_contains($size, size_code)
        and list_contains($form, form_code)
    group by measure, {parts}
)
select
    measure, {keys},
    max(value) as value,
    max(contributors) as contributors,
    max(is_free) as is_free,
    sum(hidden_parts) as hidden_parts,
    count(*) as parts
from part
group by measure, {keys}
order by measure, {keys}
