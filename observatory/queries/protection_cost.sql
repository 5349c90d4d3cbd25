-- Return what protection costs a reader, by the number of contributors, the fewest first.
select base, cells, hidden, median_error, p95_error
from protection_cost
where cells > 0
order by cast(regexp_extract(base, '^[0-9]+') as integer)
