-- Return one row: rows of earlier deliveries that were sent again the same, those sent changed, and the changed fields.
select
    cast(coalesce(sum(rows_same), 0) as bigint) as same,
    cast(coalesce(sum(rows_changed), 0) as bigint) as changed,
    (select count(*) from correction) as fields
from delivery
