-- Return the questions of one wave of which anything is shown, in the order of the form, with their wording. None are
-- consent, which all gave who answered, the year, and the region: so few answers carry no list of all regions.
select question, kind, list, coalesce({label}, label, question) as wording
from question
where instrument = $instrument and wave = $wave and repeat = '' and question not in ('consent', 'year', 'region')
    and exists (
        select 1 from estimate
        where estimate.instrument = $instrument and estimate.wave = $wave and estimate.question = question.question
            and flag <> 'hidden'
    )
order by sort_order, question
