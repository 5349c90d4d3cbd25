-- Return one row for each rule that refused anything, most first: how many rejects, in how many rows.
select rule, rejects, rows
from refused_by_rule
order by rejects desc, rule
