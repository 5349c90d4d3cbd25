-- Return every cell chosen, and which one it is by {keys}. Few are chosen, and put together where they arrive: grouping
-- them here costs three times as much as finding them.
select measure, {keys}, value, contributors, status
from cells
where list_contains($measures, measure)
    and list_contains($shapes, shape)
    and list_contains($periods, period_code)
    and list_contains($sector, sector_code)
    and list_contains($region, region_code)
    and list_contains($theme, theme_code)
    and list_contains($size, size_code)
    and list_contains($form, form_code)
