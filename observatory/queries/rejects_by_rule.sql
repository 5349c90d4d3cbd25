-- Return one row for each rule and source that refused anything, most first: how many rejects, in how many rows.
select
    reject.rule,
    delivery.source_id,
    count(*) as rejects,
    count(distinct concat(reject.delivery_id, '/', coalesce(reject.sheet, ''), '/', reject.row)) as rows
from reject
left join delivery on delivery.delivery_id = reject.delivery_id
group by reject.rule, delivery.source_id
order by rejects desc, reject.rule, delivery.source_id
