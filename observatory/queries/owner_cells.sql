-- Return every cell by owner that is chosen, and which one it is by {keys}.
select measure, {keys}, value, contributors, status
from owner_cells
where list_contains($measures, measure)
    and list_contains($periods, period_code)
    and list_contains($ownership, ownership_code)
    and list_contains($holding, holding_code)
