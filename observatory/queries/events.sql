-- Return one row for each meeting, conference, field visit and training that was delivered and began in the years, latest
-- first. A code chosen counts with all codes below it; "_T" counts with everything, "_U" with what is not stated.
select
    event_id, kind_code, title, start_date, end_date, year(start_date) as year, region_code, place, theme_code, organiser,
    participants_count, trained_count, coalesce(is_mark, false) as is_mark, source, link
from event
where delivery_id is not null
    and year(start_date) between $first_year and $last_year
    and exists (
        select 1 from ancestor
        where dimension = 'region' and code = coalesce(region_code, '_U') and list_contains($region, ancestor_code)
    )
    and exists (
        select 1 from ancestor
        where dimension = 'theme' and code = coalesce(theme_code, '_U') and list_contains($theme, ancestor_code)
    )
order by start_date desc, kind_code, title, event_id
